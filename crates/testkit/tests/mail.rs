//! Mail leaves by a real server (`aiosmtpd`), carries links alone, and is tried again when it does not arrive.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use axum::http::StatusCode;
use testkit::{Browser, TestHouse, both, set};

/// A server that prints each message it takes, as one line of JSON; `refusing` it takes none.
const SERVER: &str = r#"
import json, sys, time
from aiosmtpd.controller import Controller
class Handler:
    async def handle_DATA(self, server, session, envelope):
        if sys.argv[1] == "refusing":
            return "451 later"
        text = envelope.content.decode("utf-8", "replace")
        print(json.dumps({"to": envelope.rcpt_tos, "text": text}), flush=True)
        return "250 OK"
controller = Controller(Handler(), hostname="127.0.0.1", port=int(sys.argv[2]))
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
"#;

struct Server {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Server {
    fn start(mode: &str, port: u16) -> Self {
        let mut child = Command::new("/usr/bin/python3")
            .args(["-c", SERVER, mode, &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with aiosmtpd: run tools/setup test");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        Self { child, lines }
    }

    fn message(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The body of a message, whichever way it was made fit for mail.
fn body(text: &str) -> String {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    if head.to_ascii_lowercase().contains("quoted-printable") {
        body.replace("=\r\n", "").replace("=3D", "=")
    } else {
        body.to_owned()
    }
}

#[tokio::test]
async fn invitations_leave_by_mail_with_a_link_and_nothing_else_personal() {
    both(async |app: TestHouse| {
        app.user("administrator", None).await;
        let mut admin = Browser::signed_in(&app, "administrator@custos.example").await;
        let port = free_port();
        let mut form = admin.page("/admin/mail").await.form("/admin/mail");
        for (name, value) in [("host", "mail.example"), ("from", "crm@nord.example"), ("security", "none")] {
            set(&mut form, name, value);
        }
        set(&mut form, "port", &port.to_string());
        // Unencrypted mail leaves for this machine alone.
        let refused = admin.post("/admin/mail", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        set(&mut form, "host", "127.0.0.1");
        set(&mut form, "password", "not shown again");
        let saved = admin.submit("/admin/mail", &form).await;
        assert!(!saved.body.contains("not shown again"));

        // Nobody listens: the message waits and is tried again.
        admin.submit::<&str, &str>("/admin/mail/test", &[]).await;
        assert_eq!(app.house.send_mail().await.unwrap(), 0);
        assert!(admin.page("/admin/mail").await.text().contains("tried again later unreachable"));
        assert_eq!(app.house.send_mail().await.unwrap(), 0);
        app.clock.advance(jiff::SignedDuration::from_mins(2));
        {
            let _busy = Server::start("refusing", port);
            assert_eq!(app.house.send_mail().await.unwrap(), 0);
            assert!(admin.page("/admin/mail").await.text().contains("tried again later later"));
        }
        app.clock.advance(jiff::SignedDuration::from_mins(6));
        let mut server = Server::start("taking", port);
        assert_eq!(app.house.send_mail().await.unwrap(), 1);
        let message = server.message();
        assert_eq!(message["to"][0], "administrator@custos.example");
        assert!(body(message["text"].as_str().unwrap()).contains("Mail leaves as it should."));
        assert!(admin.page("/admin/mail").await.text().contains("sent"));

        // An invitation: the page tells no link; the mail has it, and no name.
        let mut form = admin.page("/admin/users").await.form("/admin/users");
        for (name, value) in [("name", "Ana Ruiz"), ("email", "ana@nord.example"), ("roles", "sales")] {
            set(&mut form, name, value);
        }
        let page = admin.submit("/admin/users", &form).await;
        assert!(page.text().contains("on its way by mail") && !page.body.contains("/invitation/"), "{}", page.text());
        assert_eq!(app.house.send_mail().await.unwrap(), 1);
        let message = server.message();
        assert_eq!(message["to"][0], "ana@nord.example");
        let text = body(message["text"].as_str().unwrap());
        assert!(!text.contains("Ana") && !text.contains("Ruiz"), "{text}");
        let link = text.split("https://custos.test").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let mut ana = Browser::stranger(&app);
        let done = ana.post(&link, &[("password", "a goat sings in the cellar")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert!(
            app.ledger_tail(4).await.iter().any(|line| line == "job sent (invite)"),
            "{:?}",
            app.ledger_tail(4).await
        );
    })
    .await;
}
