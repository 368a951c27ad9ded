//! A rulebook of the appraisal by post as it is frozen into a quarter.

use super::NAME_BYTES;
use super::pack::{Pack, inner, list, place, placed};
use super::rulebook::{read_band, write_band};
use crate::cbor::{DecodeError, Reader};
use crate::domain::rulebook::BANDS_LIMIT;
use crate::domain::rulebook::post::{POSTS_LIMIT, PostCategory, PostRule, SeveralPosts};
use crate::id::ID_BYTES;
use crate::number::Rounding;

// A way is written as its place in this list, which only grows at its end.
const SEVERAL: [SeveralPosts; 3] = [SeveralPosts::Mean, SeveralPosts::Best, SeveralPosts::SumCapped];

pub(super) fn pack(rule: &PostRule) -> Pack {
    let mut pack = Pack::new();
    pack.text(0, rule.id.as_str()).uint(1, rule.version.into()).text(2, &rule.title);
    pack.list(3, &rule.categories, |category, writer| {
        writer.array(2).text(category.id.as_str()).text(&category.name);
    });
    pack.uint(4, rule.max.into()).uint(5, place(&SEVERAL, &rule.several));
    pack.uint(6, rule.decimals.into()).flag(7, rule.rounding == Rounding::HalfEven);
    pack.list(8, &rule.bands, write_band);
    pack.uint(9, rule.quarter_months.into()).uint(10, rule.year_months.into());
    pack
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<PostRule, DecodeError> {
    let (mut id, mut version, mut title) = (None, 0, String::new());
    let (mut max, mut several, mut decimals, mut rounding) = (0, SeveralPosts::Mean, 0, Rounding::HalfUp);
    let (mut categories, mut bands, mut quarter_months, mut year_months) = (Vec::new(), Vec::new(), 0, 0);
    inner(reader, |key, reader| {
        match key {
            0 => id = Some(reader.parsed(ID_BYTES)?),
            1 => version = reader.uint()?,
            2 => title = reader.text(NAME_BYTES)?.to_owned(),
            3 => categories = list(reader, POSTS_LIMIT, read_category)?,
            4 => max = reader.uint()?,
            5 => several = placed(&SEVERAL, reader)?,
            6 => decimals = reader.uint()?,
            7 => rounding = if reader.bool()? { Rounding::HalfEven } else { Rounding::HalfUp },
            8 => bands = list(reader, BANDS_LIMIT, read_band)?,
            9 => quarter_months = reader.uint()?,
            10 => year_months = reader.uint()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let id = id.ok_or(DecodeError::Shape)?;
    Ok(PostRule {
        id,
        version,
        title,
        categories,
        max,
        several,
        decimals,
        rounding,
        bands,
        quarter_months,
        year_months,
    })
}

fn read_category(reader: &mut Reader<'_>) -> Result<PostCategory, DecodeError> {
    reader.array(2)?;
    Ok(PostCategory { id: reader.parsed(ID_BYTES)?, name: reader.text(NAME_BYTES)?.to_owned() })
}
