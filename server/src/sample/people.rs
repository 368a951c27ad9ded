//! Invented rosters in realistic number, as the CSV files that a village would import.

use std::fmt::Write as _;

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use super::names;

/// The seed of everybody: the same people on every machine.
pub(super) const SEED: u64 = 420_529_202;

/// The year in which the sample is set; ages are counted from it.
pub(super) const YEAR: u16 = 2026;

/// What a village's roster is made of.
#[derive(Clone, Copy, Debug)]
pub struct Census {
    /// The official division code.
    pub code: &'static str,
    /// The villager groups (村民小组).
    pub groups: u32,
    /// Households.
    pub households: u32,
    /// Party members, probationary ones included.
    pub members: u32,
    /// Elected villager representatives.
    pub representatives: u32,
    /// Whether nearly everybody who stayed is old.
    pub elderly: bool,
}

/// The ten units: 沙湾村 with about fifty households is reported, the other figures are invented.
pub const CENSUS: [Census; 10] = [
    Census { code: "420529202001", groups: 6, households: 430, members: 60, representatives: 45, elderly: false },
    Census { code: "420529202201", groups: 7, households: 410, members: 56, representatives: 42, elderly: false },
    Census { code: "420529202202", groups: 6, households: 330, members: 46, representatives: 36, elderly: false },
    Census { code: "420529202203", groups: 5, households: 290, members: 38, representatives: 33, elderly: false },
    Census { code: "420529202204", groups: 5, households: 310, members: 42, representatives: 34, elderly: false },
    Census { code: "420529202205", groups: 4, households: 240, members: 33, representatives: 28, elderly: false },
    Census { code: "420529202206", groups: 4, households: 180, members: 27, representatives: 25, elderly: false },
    Census { code: "420529202207", groups: 5, households: 300, members: 40, representatives: 30, elderly: false },
    Census { code: "420529202208", groups: 3, households: 160, members: 24, representatives: 22, elderly: false },
    Census { code: "420529202209", groups: 2, households: 52, members: 18, representatives: 20, elderly: true },
];

/// One invented person as a row of the file.
#[derive(Clone, Debug)]
struct Row {
    household: u32,
    group: u32,
    name: String,
    pinyin: String,
    birth_year: u16,
    head: bool,
    residency: &'static str,
    party: &'static str,
    class: &'static str,
    representative: bool,
}

/// Returns the roster of one unit as a CSV file with Chinese column names.
pub fn roster_csv(census: &Census) -> String {
    let unit: u64 = census.code.bytes().fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
    let mut rng = ChaCha8Rng::seed_from_u64(SEED ^ unit);
    let mut rows = Vec::new();
    for household in 1..=census.households {
        people_of(household, census, &mut rng, &mut rows);
    }
    awkward_cases(census, &mut rows);
    choose_members(census, &mut rng, &mut rows);
    choose_representatives(census, &mut rng, &mut rows);
    let mut csv = String::from("户号,小组,姓名,拼音,出生年,户主,居住,党员,类别,代表\n");
    for row in &rows {
        let yes = |flag: bool| if flag { "是" } else { "否" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            csv,
            "{:03},{}组,{},{},{},{},{},{},{},{}",
            row.household,
            row.group,
            row.name,
            row.pinyin,
            row.birth_year,
            yes(row.head),
            row.residency,
            row.party,
            row.class,
            yes(row.representative)
        );
    }
    csv
}

/// Adds the people of one household: a couple or one old person, perhaps grown children away, perhaps minors.
fn people_of(household: u32, census: &Census, rng: &mut ChaCha8Rng, rows: &mut Vec<Row>) {
    let group = (household - 1) * census.groups / census.households + 1;
    let (surname, surname_pinyin) = surname(rng);
    let old = census.elderly && below(rng, 10) < 9;
    let head_year = if old { 1938 + below(rng, 22) } else { 1946 + below(rng, 44) } as u16;
    let person = |surname: &str, surname_pinyin: &str, year: u16, head: bool, residency, rng: &mut ChaCha8Rng| {
        let list = match year {
            ..1965 => names::OLDER,
            1965..1996 => names::MIDDLE,
            _ => names::YOUNGER,
        };
        let (given, given_pinyin) = list[below(rng, list.len() as u32) as usize];
        Row {
            household,
            group,
            name: format!("{surname}{given}"),
            pinyin: format!("{surname_pinyin} {given_pinyin}"),
            birth_year: year,
            head,
            residency,
            party: "",
            class: "普通",
            representative: false,
        }
    };
    let mut home = vec![person(surname, surname_pinyin, head_year, true, "户籍", rng)];
    if below(rng, 100) < 82 {
        let (other, other_pinyin) = self::surname(rng);
        let year = (head_year + 6 - below(rng, 9) as u16).min(YEAR - 19);
        home.push(person(other, other_pinyin, year, false, "户籍", rng));
    }
    let children = if old { below(rng, 100) / 75 } else { below(rng, 100) / 40 };
    for _ in 0..children {
        let year = (head_year + 22 + below(rng, 8) as u16).min(YEAR - 1);
        let residency = if YEAR - year >= 18 && below(rng, 100) < 60 { "外出" } else { "户籍" };
        home.push(person(surname, surname_pinyin, year, false, residency, rng));
    }
    // The roster tells two people of one household apart by name and year of birth.
    let mut taken: Vec<(String, u16)> = Vec::new();
    for mut row in home {
        while taken.contains(&(row.name.clone(), row.birth_year)) {
            row.birth_year -= 1;
        }
        taken.push((row.name.clone(), row.birth_year));
        rows.push(row);
    }
}

/// Plants what DOMAIN section 9 asks about: two people of one name in one group, characters no keyboard has.
fn awkward_cases(census: &Census, rows: &mut [Row]) {
    let heads: Vec<usize> = (0..rows.len()).filter(|index| rows[*index].head).collect();
    if let [first, second, ..] = heads[..] {
        for index in [first, second] {
            rows[index].name = "向明清".to_owned();
            rows[index].pinyin = "xiang mingqing".to_owned();
        }
    }
    let (given, pinyin) = names::RARE[census.households as usize % names::RARE.len()];
    if let Some(index) = heads.get(4) {
        rows[*index].name = format!("覃{given}");
        rows[*index].pinyin = format!("qin {pinyin}");
    }
}

/// Makes members of adults: one probationary, some migrant, some bedridden, the two of one name among them.
fn choose_members(census: &Census, rng: &mut ChaCha8Rng, rows: &mut [Row]) {
    let mut left = census.members;
    for index in first_heads(rows, 2).into_iter().chain(first_heads(rows, 5).into_iter().skip(4)) {
        rows[index].party = "正式";
        left -= 1;
    }
    while left > 0 {
        let index = below(rng, rows.len() as u32) as usize;
        let age = YEAR - rows[index].birth_year;
        if age < 20 || !rows[index].party.is_empty() {
            continue;
        }
        rows[index].party = if left <= 1 + census.members / 30 { "预备" } else { "正式" };
        rows[index].class = match (age, rows[index].residency) {
            (_, "外出") => "流动",
            (78.., _) => "年老体弱",
            _ => "普通",
        };
        left -= 1;
    }
}

/// Makes representatives of adults who live at home; some are members as well (E10).
fn choose_representatives(census: &Census, rng: &mut ChaCha8Rng, rows: &mut [Row]) {
    let mut left = census.representatives;
    let members: Vec<usize> =
        (0..rows.len()).filter(|index| rows[*index].party == "正式" && rows[*index].class == "普通").collect();
    for index in members.into_iter().take(3) {
        rows[index].representative = true;
        left -= 1;
    }
    while left > 0 {
        let index = below(rng, rows.len() as u32) as usize;
        let row = &mut rows[index];
        let age = YEAR - row.birth_year;
        if (20..85).contains(&age) && row.residency == "户籍" && row.party.is_empty() && !row.representative {
            row.representative = true;
            left -= 1;
        }
    }
}

fn first_heads(rows: &[Row], count: usize) -> Vec<usize> {
    (0..rows.len()).filter(|index| rows[*index].head).take(count).collect()
}

fn surname(rng: &mut ChaCha8Rng) -> (&'static str, &'static str) {
    let total: u32 = names::SURNAMES.iter().map(|(_, _, weight)| weight).sum();
    let mut at = below(rng, total);
    for (name, pinyin, weight) in names::SURNAMES {
        if at < *weight {
            return (name, pinyin);
        }
        at -= weight;
    }
    (names::SURNAMES[0].0, names::SURNAMES[0].1)
}

fn below(rng: &mut ChaCha8Rng, bound: u32) -> u32 {
    rng.next_u32() % bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_township_has_about_seven_thousand_people() {
        let counts: Vec<usize> = CENSUS.iter().map(|census| roster_csv(census).lines().count() - 1).collect();
        let total: usize = counts.iter().sum();
        assert!((6_500..7_500).contains(&total), "{total} people: {counts:?}");
        assert!((100..125).contains(&counts[9]), "沙湾村 has {} people", counts[9]);
    }

    #[test]
    fn awkward_cases_are_among_them() {
        let csv = roster_csv(&CENSUS[7]);
        let column = |index: usize, value: &str| csv.lines().filter(|l| l.split(',').nth(index) == Some(value)).count();
        assert!(column(2, "向明清") >= 2, "two people of one name");
        assert!(column(7, "预备") >= 1, "a probationary member");
        assert!(column(8, "流动") >= 1 && column(8, "年老体弱") >= 1, "migrant and bedridden members");
        assert_eq!(column(7, "正式") + column(7, "预备"), 40);
        assert_eq!(column(9, "是"), 30);
        assert!(csv.lines().any(|l| l.contains(",正式,") && l.ends_with("是")), "a member who is a representative");
        assert!(csv.lines().skip(1).any(|l| l.split(',').nth(4).unwrap().parse::<u16>().unwrap() > 2010), "minors");
    }

    #[test]
    fn everybody_is_the_same_on_every_machine() {
        assert_eq!(roster_csv(&CENSUS[9]), roster_csv(&CENSUS[9]));
        assert_ne!(roster_csv(&CENSUS[9]), roster_csv(&CENSUS[8]));
    }
}
