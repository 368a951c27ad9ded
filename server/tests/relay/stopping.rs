//! A relay that is asked to stop in the middle of pushes ends in order and keeps what it answered for.

use shared::identity::{Batch, Role};

use super::phone::{Phone, VILLAGE};
use super::process::{Process, end_in_the_middle, found, init};
use super::records::Records;

const SCOPE: &str = "village.420529202209";
/// How often it is stopped.
const ROUNDS: u32 = 3;

#[tokio::test]
async fn every_acknowledged_batch_is_there_after_a_polite_end() {
    let records = Records::fresh().await;
    let link = init(&records);
    let mut process = Process::serve(&records);
    let (_, mut relay) = process.ready();
    let authority = found(relay, &link).await;
    let mut phones: Vec<(Phone, Option<Batch>)> =
        (1..=6).map(|number| (Phone::of(&authority, relay, number, &[Role::Scribe], &[VILLAGE]), None)).collect();
    for round in 0..ROUNDS {
        let reader = Phone::of(&authority, relay, 50 + round, &[Role::Auditor], &[]);
        let stop = || {
            process.signal("TERM");
            let status = process.child.wait().unwrap();
            assert!(status.success(), "it ends in order: {status}");
        };
        phones = end_in_the_middle(phones, reader, relay, stop).await;
        process = Process::serve(&records);
        relay = process.ready().1;
        let mut auditor = Phone::of(&authority, relay, 60 + round, &[Role::Auditor], &[]);
        auditor.open_session(relay).await;
        while auditor.sync(&[SCOPE], &[]).await.scopes[0].more {}
        for (phone, _) in &mut phones {
            let (acknowledged, proved) = (phone.acknowledged.len(), phone.log(SCOPE).0);
            assert!(acknowledged > 0 && proved <= auditor.log(SCOPE).0);
            phone.open_session(relay).await;
            // The chain continues from the phone's last receipt, or the check of the next one fails.
            while phone.sync(&[SCOPE], &[]).await.scopes[0].more {}
            assert_eq!(phone.log(SCOPE), auditor.log(SCOPE));
        }
    }
}
