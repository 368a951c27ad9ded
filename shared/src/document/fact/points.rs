//! The facts of points accounts, as small as six thousand entries a quarter ask for.

mod read;

use std::collections::BTreeSet;

use super::KIND;
use super::pack::{Pack, place};
use crate::cbor::Writer;
use crate::domain::points::fact::{
    AccountLink, Cancellation, HandOver, HonourShare, KeeperNamed, MonthSeal, Moving, PointClaim, PointFact,
    Redemption, Reversal, Telling,
};
use crate::domain::points::flow::PointStep;
use crate::id::FactId;
use crate::time::{Date, Month};
pub(super) use read::read;

const CLAIMED: u64 = 96;
const MOVED: u64 = 97;
const TOLD: u64 = 98;
const REVERSED: u64 = 99;
const CLOSED: u64 = 100;
const SHARED: u64 = 101;
const LINKED: u64 = 102;
const KEEPER: u64 = 103;
const ASKED: u64 = 104;
const HANDED_OVER: u64 = 105;
const CANCELLED: u64 = 106;

const REPLACES: u64 = 15;

/// The day from which days are counted, 2000-01-01 as a Julian day: three bytes for each day of a century.
const FIRST_DAY: i32 = 2_451_545;

pub(super) fn pack(fact: &PointFact) -> Pack {
    let mut pack = Pack::new();
    match fact {
        PointFact::Claimed(claim) => pack_claim(&mut pack, claim),
        PointFact::Moved(Moving { step, entries, words, follows }) => {
            pack.uint(KIND, MOVED).uint(1, place(&PointStep::ALL, step));
            pack_facts(&mut pack, 2, entries);
            pack.text(3, words);
            pack_facts(&mut pack, 4, follows);
        }
        PointFact::Told(Telling { entry, date, answer }) => {
            pack.uint(KIND, TOLD).text(1, &entry.to_string()).put(2, |writer| write_date(*date, writer));
            pack.text(3, answer);
        }
        PointFact::Reversed(Reversal { entry, reason }) => {
            pack.uint(KIND, REVERSED).text(1, &entry.to_string()).text(2, reason);
        }
        PointFact::Closed(seal) => pack_seal(&mut pack, seal),
        PointFact::Shared(HonourShare { from, to, points, words }) => {
            pack.uint(KIND, SHARED).text(1, from.as_str()).text(2, to.as_str()).count(3, *points).text(4, words);
        }
        PointFact::Linked(AccountLink { from, into, words }) => {
            pack.uint(KIND, LINKED).text(1, from.as_str()).text(2, into.as_str()).text(3, words);
        }
        PointFact::Keeper(KeeperNamed { device, replaces }) => {
            pack.uint(KIND, KEEPER).uint(1, device.0.into());
            pack.list(REPLACES, replaces, |id, writer| _ = writer.text(&id.to_string()));
        }
        PointFact::Asked(Redemption { account, points, goods, date }) => {
            pack.uint(KIND, ASKED).text(1, account.as_str()).count(2, *points).text(3, goods);
            pack.put(4, |writer| write_date(*date, writer));
        }
        PointFact::HandedOver(HandOver { redemption, keeper }) => {
            pack.uint(KIND, HANDED_OVER).text(1, &redemption.to_string()).text(2, &keeper.to_string());
        }
        PointFact::Cancelled(Cancellation { redemption, reason }) => {
            pack.uint(KIND, CANCELLED).text(1, &redemption.to_string()).text(2, reason);
        }
    }
    pack
}

fn pack_claim(pack: &mut Pack, claim: &PointClaim) {
    pack.uint(KIND, CLAIMED).text(1, claim.account.as_str());
    pack.text(2, claim.person.as_ref().map_or("", |person| person.as_str()));
    pack.text(3, claim.item.as_str()).put(4, |writer| write_date(claim.date, writer));
    if let Some(points) = claim.points {
        pack.put(5, |writer| _ = writer.int(points.into()));
    }
    pack.text(6, &claim.occasion).text(7, &claim.note);
}

fn pack_seal(pack: &mut Pack, seal: &MonthSeal) {
    pack.uint(KIND, CLOSED).put(1, |writer| write_month(seal.month, writer));
    let up_to: Vec<_> = seal.up_to.iter().collect();
    pack.list(2, &up_to, |(device, last), writer| _ = writer.array(2).text(device.as_str()).uint((**last).into()));
    let rules: Vec<_> = seal.rules.iter().collect();
    pack.list(3, &rules, |(month, (id, version)), writer| {
        write_month(**month, writer.array(3));
        writer.text(id.as_str()).uint((*version).into());
    });
    pack_facts(pack, 4, &seal.barred);
    pack.bytes(5, &seal.digest);
}

/// Writes facts in runs: a device's code, the first number, and how many follow each other.
fn pack_facts(pack: &mut Pack, key: u64, facts: &BTreeSet<FactId>) {
    let mut runs: Vec<(&FactId, u32)> = Vec::new();
    for fact in facts {
        match runs.last_mut() {
            Some((first, count))
                if first.device == fact.device && first.counter.checked_add(*count) == Some(fact.counter) =>
            {
                *count += 1;
            }
            _ => runs.push((fact, 1)),
        }
    }
    pack.list(key, &runs, |(first, count), writer| {
        writer.array(3).text(first.device.as_str()).uint(first.counter.into()).uint((*count).into());
    });
}

fn write_date(date: Date, writer: &mut Writer) {
    writer.int(i64::from(date.day_number()) - i64::from(FIRST_DAY));
}

fn write_month(month: Month, writer: &mut Writer) {
    writer.int(month.number().into());
}

#[cfg(test)]
mod tests;
