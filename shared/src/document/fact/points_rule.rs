//! A version of the rules of points as its adoption carries it.

use super::NAME_BYTES;
use super::pack::{Pack, inner, list};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::rulebook::points::{CATEGORIES_LIMIT, Category, ITEMS_LIMIT, PointItem, PointsRule};
use crate::id::ID_BYTES;

pub(super) fn pack(rule: &PointsRule) -> Pack {
    let mut pack = Pack::new();
    pack.text(0, rule.id.as_str()).uint(1, rule.version.into()).text(2, &rule.title);
    pack.list(3, &rule.categories, |category, writer| {
        writer.array(3).text(category.id.as_str()).text(&category.name);
        write_cap(category.per_month, writer);
    });
    pack.list(4, &rule.items, write_item);
    for (key, cap) in [(5, rule.gain_per_month), (6, rule.loss_per_month)] {
        if let Some(cap) = cap {
            pack.uint(key, cap.into());
        }
    }
    pack.count(7, rule.base).flag(8, rule.redemption);
    pack
}

fn write_item(item: &PointItem, writer: &mut Writer) {
    writer.array(7).text(item.id.as_str()).text(&item.name).int(item.points.into()).text(item.category.as_str());
    write_cap(item.per_day, writer);
    write_cap(item.per_month, writer);
    writer.text(&item.evidence);
}

fn write_cap(cap: Option<u32>, writer: &mut Writer) {
    match cap {
        Some(cap) => writer.uint(cap.into()),
        None => writer.null(),
    };
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<PointsRule, DecodeError> {
    let (mut id, mut version, mut title) = (None, 0, String::new());
    let (mut categories, mut items) = (Vec::new(), Vec::new());
    let (mut gain_per_month, mut loss_per_month, mut base, mut redemption) = (None, None, 0, false);
    inner(reader, |key, reader| {
        match key {
            0 => id = Some(reader.parsed(ID_BYTES)?),
            1 => version = reader.uint()?,
            2 => title = reader.text(NAME_BYTES)?.to_owned(),
            3 => categories = list(reader, CATEGORIES_LIMIT, read_category)?,
            4 => items = list(reader, ITEMS_LIMIT, read_item)?,
            5 => gain_per_month = Some(reader.uint()?),
            6 => loss_per_month = Some(reader.uint()?),
            7 => base = reader.uint()?,
            8 => redemption = reader.bool()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let id = id.ok_or(DecodeError::Shape)?;
    Ok(PointsRule { id, version, title, categories, items, gain_per_month, loss_per_month, base, redemption })
}

fn read_category(reader: &mut Reader<'_>) -> Result<Category, DecodeError> {
    reader.array(3)?;
    let (id, name) = (reader.parsed(ID_BYTES)?, reader.text(NAME_BYTES)?.to_owned());
    Ok(Category { id, name, per_month: read_cap(reader)? })
}

fn read_item(reader: &mut Reader<'_>) -> Result<PointItem, DecodeError> {
    reader.array(7)?;
    let (id, name) = (reader.parsed(ID_BYTES)?, reader.text(NAME_BYTES)?.to_owned());
    let (points, category) = (reader.int()?, reader.parsed(ID_BYTES)?);
    let (per_day, per_month) = (read_cap(reader)?, read_cap(reader)?);
    Ok(PointItem { id, name, points, category, per_day, per_month, evidence: reader.text(NAME_BYTES)?.to_owned() })
}

fn read_cap(reader: &mut Reader<'_>) -> Result<Option<u32>, DecodeError> {
    if reader.nothing()? { Ok(None) } else { reader.uint().map(Some) }
}
