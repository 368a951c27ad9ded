//! A map with integer keys, written field by field and read without knowing every field.

use crate::cbor::{DecodeError, Reader, Writer};

/// The most fields a record may have; later versions stay far below.
pub(super) const FIELDS: usize = 64;

/// A map that is being written.
pub(super) struct Pack {
    count: usize,
    body: Writer,
}

impl Pack {
    pub(super) fn new() -> Self {
        Self { count: 0, body: Writer::new() }
    }

    /// Writes one field.
    pub(super) fn put(&mut self, key: u64, value: impl FnOnce(&mut Writer)) -> &mut Self {
        self.count += 1;
        value(self.body.uint(key));
        self
    }

    pub(super) fn uint(&mut self, key: u64, value: u64) -> &mut Self {
        self.put(key, |writer| drop_ref(writer.uint(value)))
    }

    /// Writes a number unless it is 0.
    pub(super) fn count(&mut self, key: u64, value: u32) -> &mut Self {
        if value == 0 { self } else { self.uint(key, value.into()) }
    }

    /// Writes a text unless it is empty.
    pub(super) fn text(&mut self, key: u64, value: &str) -> &mut Self {
        if value.is_empty() { self } else { self.put(key, |writer| drop_ref(writer.text(value))) }
    }

    /// Writes a flag unless it is down.
    pub(super) fn flag(&mut self, key: u64, value: bool) -> &mut Self {
        if value { self.put(key, |writer| drop_ref(writer.bool(true))) } else { self }
    }

    pub(super) fn bytes(&mut self, key: u64, value: &[u8]) -> &mut Self {
        self.put(key, |writer| drop_ref(writer.bytes(value)))
    }

    /// Writes a list unless it is empty.
    pub(super) fn list<T>(&mut self, key: u64, values: &[T], each: impl Fn(&T, &mut Writer)) -> &mut Self {
        if values.is_empty() {
            return self;
        }
        self.put(key, |writer| {
            writer.array(values.len());
            values.iter().for_each(|value| each(value, writer));
        })
    }

    /// Appends the map to a writer.
    pub(super) fn write(self, writer: &mut Writer) {
        writer.map(self.count).raw(&self.body.finish());
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }
}

fn drop_ref(_: &mut Writer) {}

/// A map that is being read: how many fields are left, and where.
pub(super) struct Fields<'a> {
    left: usize,
    reader: Reader<'a>,
}

impl<'a> Fields<'a> {
    pub(super) fn open(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let left = reader.map(FIELDS)?;
        Ok(Self { left, reader })
    }

    /// Reads the first field, which must have this key.
    pub(super) fn kind(&mut self, wanted: u64) -> Result<u64, DecodeError> {
        self.left = self.left.checked_sub(1).ok_or(DecodeError::Shape)?;
        if self.reader.uint::<u64>()? == wanted { self.reader.uint() } else { Err(DecodeError::Shape) }
    }

    pub(super) fn end(&self) -> Result<(), DecodeError> {
        self.reader.end()
    }
}

/// Reads what is left of a map; `take` tells whether it read the field, else it is passed over.
pub(super) fn rest<'a>(
    fields: &mut Fields<'a>,
    take: impl FnMut(u64, &mut Reader<'a>) -> Result<bool, DecodeError>,
) -> Result<(), DecodeError> {
    each(fields.left, &mut fields.reader, take)
}

/// Reads a map that stands inside another value.
pub(super) fn inner<'a>(
    reader: &mut Reader<'a>,
    take: impl FnMut(u64, &mut Reader<'a>) -> Result<bool, DecodeError>,
) -> Result<(), DecodeError> {
    let count = reader.map(FIELDS)?;
    each(count, reader, take)
}

fn each<'a>(
    count: usize,
    reader: &mut Reader<'a>,
    mut take: impl FnMut(u64, &mut Reader<'a>) -> Result<bool, DecodeError>,
) -> Result<(), DecodeError> {
    for _ in 0..count {
        let key = reader.uint()?;
        if !take(key, reader)? {
            reader.skip()?;
        }
    }
    Ok(())
}

/// Reads a list of at most `limit` values.
pub(super) fn list<'a, T>(
    reader: &mut Reader<'a>,
    limit: usize,
    mut one: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let count = reader.list(limit)?;
    (0..count).map(|_| one(reader)).collect()
}

/// Returns a value's place in its list.
pub(super) fn place<T: PartialEq>(list: &[T], value: &T) -> u64 {
    list.iter().position(|one| one == value).unwrap_or_default() as u64
}

/// Reads a value by its place; a place of a later version is an error.
pub(super) fn placed<T: Copy>(list: &[T], reader: &mut Reader<'_>) -> Result<T, DecodeError> {
    list.get(reader.uint::<usize>()?).copied().ok_or(DecodeError::Shape)
}
