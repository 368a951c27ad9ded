//! The rulebook of a member review from its file.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;

use super::{
    BandTable, CriterionTable, RoundingName, RuleFile, RuleFileError, RuleFileReason, Text, band_span, read_as,
};
use crate::domain::rulebook::{BANDS_LIMIT, CRITERIA_LIMIT, GROUPS_LIMIT, LEVELS_LIMIT};
use crate::domain::rulebook::{Criterion, EmptyGroup, Quorum, RaterGroup, Rulebook, RulebookFault};
use crate::id::{GroupId, RulebookId};

/// The keypad's buttons in fifths of the smallest maximum: 20, 16, 12 and 8 of 20.
const LEVEL_FIFTHS: [u32; 4] = [5, 4, 3, 2];

/// Reads a rulebook of member review and checks it; the first mistake is returned.
///
/// Settings that have a default in DOMAIN section 6 may be left out; unknown keys may not be put in, because a
/// misspelt setting would silently become its default. A byte-order mark is ignored.
pub fn read_review(text: &str) -> Result<Rulebook, RuleFileError> {
    read_as::<File>(text)
}

/// The file as it is written.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Spanned<String>,
    id: Option<Text<RulebookId>>,
    version: Option<Spanned<u32>>,
    title: Option<String>,
    decimals: Option<Spanned<u8>>,
    #[serde(default)]
    rounding: RoundingName,
    trim_min: Option<u32>,
    #[serde(default)]
    empty_group: EmptyGroupName,
    levels: Option<Vec<Spanned<u32>>>,
    body_of_both: Option<Spanned<Text<GroupId>>>,
    probationary_rated: Option<bool>,
    publish_min: Option<u32>,
    #[serde(default)]
    group: Vec<GroupTable>,
    #[serde(default)]
    criterion: Vec<CriterionTable>,
    #[serde(default)]
    band: Vec<BandTable>,
}

#[derive(Clone, Copy, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum EmptyGroupName {
    #[default]
    InvalidSession,
    Renormalise,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupTable {
    id: Spanned<Text<GroupId>>,
    name: Option<String>,
    weight: Spanned<u32>,
    quorum: Spanned<Text<Quorum>>,
}

impl RuleFile for File {
    const KIND: &'static str = "member-review";
    type Rule = Rulebook;
    type Fault = RulebookFault;

    fn kind(&self) -> &Spanned<String> {
        &self.kind
    }

    /// Fills in the defaults; the version that standard rules have is theirs too.
    fn rule(&self) -> Rulebook {
        let standard = Rulebook::standard_review();
        let groups: Vec<RaterGroup> = self.group.iter().map(GroupTable::group).collect();
        let criteria: Vec<Criterion> = self.criterion.iter().map(CriterionTable::criterion).collect();
        let levels = match &self.levels {
            Some(levels) => levels.iter().map(|level| *level.get_ref()).collect(),
            None => default_levels(&criteria),
        };
        let body_of_both = match (&self.body_of_both, groups.first()) {
            (Some(body), _) => body.get_ref().0.clone(),
            (None, Some(first)) if groups.iter().all(|group| group.id != standard.body_of_both) => first.id.clone(),
            (None, _) => standard.body_of_both,
        };
        Rulebook {
            id: self.id.as_ref().map_or(standard.id, |id| id.0.clone()),
            version: self.version.as_ref().map_or(standard.version, |version| *version.get_ref()),
            title: self.title.clone().unwrap_or(standard.title),
            decimals: self.decimals.as_ref().map_or(standard.decimals, |decimals| *decimals.get_ref()),
            rounding: self.rounding.rounding(),
            trim_min: self.trim_min.unwrap_or(standard.trim_min),
            empty_group: match self.empty_group {
                EmptyGroupName::InvalidSession => EmptyGroup::InvalidSession,
                EmptyGroupName::Renormalise => EmptyGroup::Renormalise,
            },
            groups,
            criteria,
            bands: self.band.iter().map(BandTable::band).collect(),
            levels,
            body_of_both,
            probationary_rated: self.probationary_rated.unwrap_or(standard.probationary_rated),
            publish_min: self.publish_min.unwrap_or(standard.publish_min),
        }
    }

    fn check(rule: &Rulebook) -> Result<(), Vec<RulebookFault>> {
        rule.check()
    }

    fn reason(fault: RulebookFault) -> RuleFileReason {
        RuleFileReason::Review(fault)
    }

    fn span(&self, fault: RulebookFault) -> Option<Range<usize>> {
        match fault {
            RulebookFault::Version => self.version.as_ref().map(Spanned::span),
            RulebookFault::Decimals => self.decimals.as_ref().map(Spanned::span),
            RulebookFault::GroupCount => self.group.get(GROUPS_LIMIT).map(|group| group.id.span()),
            RulebookFault::GroupTwice(at) => self.group.get(at).map(|group| group.id.span()),
            // The sum is complete, and wrong, at the last weight.
            RulebookFault::Weights(_) => self.group.last().map(|group| group.weight.span()),
            RulebookFault::Quorum(at) => self.group.get(at).map(|group| group.quorum.span()),
            RulebookFault::CriterionCount => self.criterion.get(CRITERIA_LIMIT).map(|criterion| criterion.id.span()),
            RulebookFault::CriterionTwice(at) | RulebookFault::CriterionReserved(at) => {
                self.criterion.get(at).map(|criterion| criterion.id.span())
            }
            RulebookFault::Max(at) => self.criterion.get(at).map(|criterion| criterion.max.span()),
            RulebookFault::BandCount => self.band.get(BANDS_LIMIT).map(|band| band.stars.span()),
            RulebookFault::BandOrder(at) => band_span(&self.band, at),
            RulebookFault::LevelCount => self.level_span(LEVELS_LIMIT),
            RulebookFault::LevelTooHigh(at) | RulebookFault::LevelOrder(at) => self.level_span(at),
            RulebookFault::BodyOfBoth => self.body_of_both.as_ref().map(Spanned::span),
        }
    }
}

impl File {
    fn level_span(&self, at: usize) -> Option<Range<usize>> {
        self.levels.as_ref()?.get(at).map(Spanned::span)
    }
}

impl GroupTable {
    fn group(&self) -> RaterGroup {
        let id = self.id.get_ref().0.clone();
        let name = self.name.clone().unwrap_or_else(|| id.to_string());
        RaterGroup { id, name, weight: *self.weight.get_ref(), quorum: self.quorum.get_ref().0 }
    }
}

/// Why a text is not a quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuorumError;

impl fmt::Display for QuorumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quorum is written as \">=2/3\" or \">1/2\"")
    }
}

impl std::error::Error for QuorumError {}

impl FromStr for Quorum {
    type Err = QuorumError;

    /// Reads `>=2/3` or `>1/2`, without spaces.
    fn from_str(text: &str) -> Result<Self, QuorumError> {
        let (strict, share) = match (text.strip_prefix(">="), text.strip_prefix('>')) {
            (Some(share), _) => (false, share),
            (None, Some(share)) => (true, share),
            (None, None) => return Err(QuorumError),
        };
        let digits = |text: &str| -> Result<u32, QuorumError> {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit());
            if plain { text.parse().map_err(|_| QuorumError) } else { Err(QuorumError) }
        };
        let (numerator, denominator) = share.split_once('/').ok_or(QuorumError)?;
        Ok(Self { strict, numerator: digits(numerator)?, denominator: digits(denominator)? })
    }
}

/// Returns the keypad's buttons for criteria of any maximum, highest first, each different and none of them 0.
fn default_levels(criteria: &[Criterion]) -> Vec<u32> {
    let max = criteria.iter().map(|criterion| criterion.max).min().unwrap_or(0);
    let mut levels: Vec<u32> = LEVEL_FIFTHS
        .iter()
        .map(|fifths| u32::try_from(u64::from(max) * u64::from(*fifths) / 5).unwrap_or(max))
        .collect();
    levels.dedup();
    levels.retain(|level| *level > 0);
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::StarBand;
    use crate::number::Rounding;

    const SHORT: &str = "kind = \"member-review\"\n[[group]]\nid = \"党员\"\nweight = 100\nquorum = \">1/2\"\n\
                         [[criterion]]\nid = \"家风\"\nmax = 10\n";

    #[test]
    fn what_is_left_out_is_a_default() {
        let rulebook = read_review(SHORT).unwrap();
        let standard = Rulebook::standard_review();
        assert_eq!(rulebook.levels, [10, 8, 6, 4]);
        assert_eq!(rulebook.body_of_both.as_str(), "党员");
        assert_eq!((rulebook.groups[0].name.as_str(), rulebook.criteria[0].name.as_str()), ("党员", "家风"));
        assert_eq!(
            (rulebook.decimals, rulebook.trim_min, rulebook.bands),
            (standard.decimals, standard.trim_min, vec![])
        );
        let levels = |max| read_review(&SHORT.replace("max = 10", &format!("max = {max}"))).unwrap().levels;
        assert_eq!([levels(20), levels(4), levels(1)], [vec![20, 16, 12, 8], vec![4, 3, 2, 1], vec![1]]);
    }

    #[test]
    fn what_is_written_is_read() {
        let settings = "id = \"house-rules\"\nversion = 3\ntitle = \"评议办法\"\ndecimals = 0\nrounding = \"half_even\"\n\
                        trim_min = 0\nempty_group = \"renormalise\"\nlevels = [9, 5]\nbody_of_both = \"党员\"\n\
                        probationary_rated = false\npublish_min = 7\n";
        let text = format!("{settings}{SHORT}[[band]]\nstars = 1\nfrom = 6\n[[band]]\nstars = 2\nfrom = \"8.5\"\n");
        let rulebook = read_review(&text).unwrap();
        let expected = Rulebook {
            id: RulebookId::new("house-rules").unwrap(),
            version: 3,
            title: "评议办法".to_owned(),
            decimals: 0,
            rounding: Rounding::HalfEven,
            trim_min: 0,
            empty_group: EmptyGroup::Renormalise,
            bands: [(1, "6"), (2, "8.5")].map(|(stars, from)| StarBand { stars, from: from.parse().unwrap() }).into(),
            levels: vec![9, 5],
            probationary_rated: false,
            publish_min: 7,
            ..read_review(SHORT).unwrap()
        };
        assert_eq!(rulebook, expected);
    }

    #[test]
    fn faults_stand_where_the_file_has_them() {
        let fault = |text: &str| read_review(text).unwrap_err().to_string();
        assert_eq!(fault(&SHORT.replace("100", "99")), "4:10: the weights sum to 99, not to 100");
        assert_eq!(fault(&format!("levels = [10, 11]\n{SHORT}")), "1:15: a level is above the maximum of a criterion");
        assert_eq!(fault(&format!("levels = [8, 8]\n{SHORT}")), "1:14: levels fall: each is below the one before");
        assert_eq!(
            fault(&format!("body_of_both = \"elders\"\n{SHORT}")),
            "1:16: the body of a person in both is not a group"
        );
    }

    #[test]
    fn quorums_read_what_they_print() {
        for text in [">=1/2", ">2/3", ">=0/1"] {
            assert_eq!(text.parse::<Quorum>().unwrap().to_string(), text);
        }
        for text in
            ["", ">", ">=", "1/2", ">= 1/2", ">=1", ">=/2", ">=1/", ">=+1/2", "<1/2", ">=1/2/3", ">=99999999999/2"]
        {
            assert_eq!(text.parse::<Quorum>(), Err(QuorumError), "{text}");
        }
    }
}
