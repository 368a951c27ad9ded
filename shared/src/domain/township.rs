//! Units and precincts of the township.

use std::collections::BTreeMap;

use crate::id::UnitCode;

/// Whether a unit is a village or a community: the same rules, different words (E44).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VillageKind {
    /// 行政村
    Village,
    /// 社区
    Community,
}

/// An assessed unit of the township.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The official division code.
    pub code: UnitCode,
    /// The official name, such as 沙湾村.
    pub name: String,
    /// Village or community.
    pub kind: VillageKind,
    /// The name of the precinct (片区) it belongs to.
    pub precinct: String,
}

/// The township as its registry tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Township {
    /// The name, such as 牛庄乡; empty until the registry has arrived.
    pub name: String,
    /// The units by code.
    pub units: BTreeMap<UnitCode, Unit>,
}
