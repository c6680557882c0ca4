//! What an attacker tried and must not get: people one may not know, roles that nobody has, tries that nobody counts.

use domain::{Draft, Error, NewToken};
use kernel::{PurposeName, RoleName};
use testkit::{PASSWORD, TestHouse, basis, both, field};

#[tokio::test]
async fn nobody_is_tied_to_a_person_whom_one_may_not_know() {
    both(async |app: TestHouse| {
        let (north, south) = (app.team("North", None).await, app.team("South", None).await);
        let (li, jo) = (app.user("sales", Some(north)).await, app.user("sales", Some(south)).await);
        let ada = app.contact(&li, &[("family_name", "King")], &["account_care"]).await;
        let person = app.house.person_behind_record(&app.operator(), "contact", ada).await.unwrap();
        let draft = |person| Draft {
            fields: vec![(field("family_name"), "Other".into()), (field("status"), "new".into())],
            person: Some(person),
            source: Some("trade fair".into()),
            bases: vec![basis("marketing")],
            ..Draft::default()
        };
        let told = |error: Error| error.to_string();
        let hidden = app.house.create(&app.again(&jo), "lead", &draft(person)).await.map(drop).map_err(told);
        let stranger = kernel::PersonId::from_bytes([7; 16]);
        let missing = app.house.create(&app.again(&jo), "lead", &draft(stranger)).await.map(drop).map_err(told);
        assert_eq!(hidden, missing, "a person who is hidden is answered as one who is not there");
        assert!(hidden.unwrap_err().contains("there is no such person"));
        app.house.create(&app.again(&li), "lead", &draft(person)).await.expect("one's own contact may be a lead too");
    })
    .await;
}

#[tokio::test]
async fn roles_of_jobs_are_given_to_nobody() {
    let app = TestHouse::sqlite().await;
    app.user("administrator", None).await;
    for role in domain::MACHINE_ROLES {
        let role = RoleName::new(role).unwrap();
        let token = NewToken {
            name: "all of it".into(),
            role: role.clone(),
            purpose: PurposeName::new("account_care").unwrap(),
            team: None,
            expires: app.house.now() + jiff::SignedDuration::from_hours(24),
        };
        let refused = app.house.add_token(&app.operator(), &token).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "a token as {role}");
        let account = app.house.accounts(&app.operator()).await.unwrap().remove(0);
        let refused = app.house.change_staff(&app.operator(), &account, std::slice::from_ref(&role)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "an account as {role}");
        let account = domain::Account { roles: format!("[\"administrator\",\"{role}\"]"), ..account };
        let refused = app.house.change_account(&app.operator(), &account).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "an account changed to {role}");
    }
    let known = app.house.roles_for_people();
    let all = app.house.rules().matrix().roles.len();
    assert_eq!(known.len() + domain::MACHINE_ROLES.len(), all, "every role is either a person's or a job's");
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_at_once_count_as_many() {
    both(async |app: TestHouse| {
        app.user("sales", None).await;
        let mut tries = Vec::new();
        for n in 0..20 {
            let house = app.house.clone();
            tries.push(tokio::spawn(async move {
                house.sign_in("sales@custos.example", &format!("wrong {n}"), "203.0.113.5").await.map(drop)
            }));
        }
        let mut judged = 0;
        for one in tries {
            match one.await.unwrap() {
                Err(Error::WrongPassword) => judged += 1,
                Err(Error::Throttled { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(judged, 5, "of twenty at once as many are judged as of twenty in a row");
        // From elsewhere the owner comes in all the same, and a guesser's own success clears nobody else's count.
        app.house.sign_in("sales@custos.example", PASSWORD, "203.0.113.6").await.unwrap();
        let still = app.house.sign_in("sales@custos.example", PASSWORD, "203.0.113.5").await.map(drop);
        assert!(matches!(still, Err(Error::Throttled { .. })), "{still:?}");
    })
    .await;
}
