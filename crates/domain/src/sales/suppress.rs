//! Figures about people for those who may not see them: counted by a job, and told only where no group of fewer than
//! five people can be read off or worked out.

use kernel::TeamId;
use ledger::Act as LedgerAct;
use seal::policy::SystemAct;

use super::{
    CONTACT,
    figures::{By, FigureAsk},
};
use crate::{Ctx, House, Result};

/// A group of fewer people than this is not told of.
pub const FEWEST: u64 = 5;

/// Withholds groups of fewer than [`FEWEST`] people. The total of all groups may be known, so what is withheld must not
/// follow from it: there are always two groups withheld or none, of at least [`FEWEST`] people together; where that takes
/// more groups, the smallest of the others go too. An empty group tells of nobody.
pub fn suppressed(counts: &[u64]) -> Vec<Option<u64>> {
    let mut told: Vec<Option<u64>> = counts.iter().map(|n| (*n == 0 || *n >= FEWEST).then_some(*n)).collect();
    loop {
        let hidden: Vec<u64> = counts.iter().zip(&told).filter(|(_, t)| t.is_none()).map(|(n, _)| *n).collect();
        if hidden.is_empty() || (hidden.len() > 1 && hidden.iter().sum::<u64>() >= FEWEST) {
            return told;
        }
        let next = (0..counts.len()).filter(|at| told[*at].is_some_and(|n| n > 0)).min_by_key(|at| counts[*at]);
        match next {
            Some(at) => told[at] = None,
            None => return told,
        }
    }
}

/// How many people each team cares for; `None` is withheld.
pub type TeamPeople = Vec<(Option<TeamId>, Option<u64>)>;

impl House {
    /// How many contacts each team has, for those who run the system and see no contact: counted by the job `figures`,
    /// small groups withheld. Nothing for others: they count what they may see.
    pub async fn people_by_team(&self, ctx: &Ctx) -> Result<Option<TeamPeople>> {
        if !self.may_system(ctx, SystemAct::SeeMetrics) || self.may_figure(ctx, CONTACT, &[]) {
            return Ok(None);
        }
        let job = self.job("figures", "figures")?;
        let ask = FigureAsk { by: vec![By::column("team")], ..FigureAsk::default() };
        let groups = self.figures(&job, CONTACT, &ask).await?;
        let counts: Vec<u64> = groups.iter().map(|group| group.count).collect();
        let told = suppressed(&counts);
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Counted);
        entry.object = self.catalog().object(CONTACT).map(|object| object.name.clone());
        entry.count = told.iter().flatten().sum();
        entry.why = Some("groups_of_five".into());
        self.record(entry).await?;
        Ok(Some(groups.iter().map(|group| group.keys[0].team()).zip(told).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_groups_are_withheld_and_do_not_follow_from_the_rest() {
        assert_eq!(suppressed(&[12, 7, 30]), [Some(12), Some(7), Some(30)]);
        assert_eq!(suppressed(&[12, 3, 30]), [None, None, Some(30)], "one alone would follow from the total");
        assert_eq!(suppressed(&[3, 4, 30]), [None, None, Some(30)], "seven people together, in two groups");
        assert_eq!(
            suppressed(&[1, 2, 30, 9]),
            [None, None, Some(30), None],
            "three people would follow from the total"
        );
        assert_eq!(suppressed(&[0, 8]), [Some(0), Some(8)]);
        assert_eq!(suppressed(&[2]), [None]);
        assert_eq!(suppressed(&[]), []);
    }

    #[test]
    fn nothing_under_five_can_be_worked_out_from_any_counts() {
        // Every table of four groups of up to eight people.
        for n in 0..9_u64.pow(4) {
            let counts: Vec<u64> = (0..4).map(|at| n / 9_u64.pow(at) % 9).collect();
            let told = suppressed(&counts);
            assert!(told.iter().flatten().all(|n| *n == 0 || *n >= FEWEST), "{counts:?}");
            let hidden: Vec<u64> = counts.iter().zip(&told).filter(|(_, t)| t.is_none()).map(|(n, _)| *n).collect();
            let others = told.iter().flatten().any(|n| *n > 0);
            let safe = hidden.is_empty() || (hidden.len() > 1 && hidden.iter().sum::<u64>() >= FEWEST) || !others;
            assert!(safe, "{counts:?} {told:?}");
        }
    }
}
