//! Yuan as people write them and fen as they are kept: whole numbers all the way.

/// Fen in a yuan.
const FEN: i64 = 100;
/// Figures behind the point.
const DECIMALS: usize = 2;
/// Figures between two commas.
const GROUP: usize = 3;

/// Why a text is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyFault {
    /// It is not a number.
    Shape,
    /// It has more than two figures behind the point: there is nothing smaller than a fen.
    TooFine,
    /// It is larger than can be kept.
    TooLarge,
}

/// Reads an amount in yuan, with or without fen, as fen.
///
/// Full-width figures and signs of a Chinese keyboard read like the others; commas stand between groups of three only,
/// so that a comma meant as a point is asked about.
pub fn read(text: &str) -> Result<i64, MoneyFault> {
    let plain: String = text.chars().filter_map(plain).collect();
    let (sign, amount) = match plain.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, plain.as_str()),
    };
    let (yuan, fen) = amount.split_once('.').unwrap_or((amount, ""));
    let yuan = ungrouped(yuan).ok_or(MoneyFault::Shape)?;
    let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !figures(&yuan) || !figures(fen) || yuan.is_empty() || (fen.is_empty() && amount.contains('.')) {
        return Err(MoneyFault::Shape);
    }
    if fen.len() > DECIMALS {
        return Err(MoneyFault::TooFine);
    }
    let fen: i64 = format!("{fen:0<DECIMALS$}").parse().map_err(|_| MoneyFault::Shape)?;
    let yuan: i64 = yuan.parse().map_err(|_| MoneyFault::TooLarge)?;
    let all = yuan.checked_mul(FEN).and_then(|all| all.checked_add(fen)).ok_or(MoneyFault::TooLarge)?;
    Ok(sign * all)
}

/// Writes fen as yuan with two decimals.
pub fn write(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let (yuan, rest) = (fen.unsigned_abs() / FEN.unsigned_abs(), fen.unsigned_abs() % FEN.unsigned_abs());
    format!("{sign}{yuan}.{rest:0DECIMALS$}")
}

/// Reads a whole number from 0; nothing where the text is none.
pub fn read_count(text: &str) -> Option<i64> {
    let plain: String = text.chars().filter_map(plain).collect();
    let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| plain.parse().ok()).flatten()
}

/// Returns a character as the plain keyboard has it, without spaces.
fn plain(character: char) -> Option<char> {
    match character {
        '０'..='９' => char::from_u32(u32::from(character) - u32::from('０') + u32::from('0')),
        '．' | '。' => Some('.'),
        '，' => Some(','),
        '－' | '−' | '—' => Some('-'),
        space if space.is_whitespace() => None,
        other => Some(other),
    }
}

/// Takes commas out from between groups of three.
fn ungrouped(yuan: &str) -> Option<String> {
    let mut groups = yuan.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.iter().all(|group| group.len() == GROUP) && (rest.is_empty() || first.len() <= GROUP);
    (grouped && (rest.is_empty() || !first.is_empty())).then(|| yuan.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<i64, MoneyFault>) {
        assert_eq!(read(text), expected, "{text}");
    }

    #[test]
    fn reads_yuan_as_people_write_them() {
        check("0", Ok(0));
        check("12", Ok(1200));
        check("12.5", Ok(1250));
        check("12.05", Ok(1205));
        check(" 1,234.50 ", Ok(123_450));
        check("１２．５０", Ok(1250));
        check("-3.07", Ok(-307));
        check("92233720368547758.07", Ok(i64::MAX));
    }

    #[test]
    fn asks_about_what_could_mean_something_else() {
        for text in ["", "-", ".", ".5", "5.", "1.2.3", "1,5", "12,34", ",100", "1234,567", "--1", "ten", "1e3", "+5"] {
            check(text, Err(MoneyFault::Shape));
        }
        check("0.005", Err(MoneyFault::TooFine));
        check("92233720368547758.08", Err(MoneyFault::TooLarge));
        check("99999999999999999999", Err(MoneyFault::TooLarge));
    }

    #[test]
    fn what_it_writes_it_reads() {
        for fen in [0, 1, 9, 10, 99, 100, 101, -1, -100, 123_456_789, i64::MAX] {
            check(&write(fen), Ok(fen));
        }
        assert_eq!((write(-5), write(1200)), ("-0.05".to_owned(), "12.00".to_owned()));
    }

    #[test]
    fn a_count_is_a_whole_number_from_nothing() {
        assert_eq!(["0", " 12 ", "３"].map(read_count), [Some(0), Some(12), Some(3)]);
        assert_eq!(["", "-1", "1.5", "x", "99999999999999999999"].map(read_count), [None; 5]);
    }
}
