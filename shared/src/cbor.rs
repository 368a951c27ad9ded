//! Compact CBOR, written without failure and read with a limit on everything.

pub mod address;

use std::fmt;
use std::str::FromStr;

use minicbor::Decoder;
use minicbor::data::Type;

/// The reasons why bytes are not the value they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Something else stands where a value should be, or the bytes end early.
    Shape,
    /// A text, a byte string or a list is longer than it may be.
    TooLong,
    /// Bytes follow after the end of the value.
    Trailing,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "the bytes are not of the expected shape",
            Self::TooLong => "a part of the message is longer than it may be",
            Self::Trailing => "bytes follow after the end of the message",
        })
    }
}

impl std::error::Error for DecodeError {}

/// Collects the bytes of one value.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Makes an empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the bytes written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// Writes an unsigned integer.
    pub fn uint(&mut self, value: u64) -> &mut Self {
        self.head(0, value)
    }

    /// Writes a signed integer.
    pub fn int(&mut self, value: i64) -> &mut Self {
        if value < 0 { self.head(1, !value.cast_unsigned()) } else { self.head(0, value.cast_unsigned()) }
    }

    /// Writes a byte string.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.head(2, value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// Writes a text.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.head(3, value.len() as u64);
        self.0.extend_from_slice(value.as_bytes());
        self
    }

    /// Writes the head of a list of so many values.
    pub fn array(&mut self, count: usize) -> &mut Self {
        self.head(4, count as u64)
    }

    /// Writes the head of a map of so many pairs.
    pub fn map(&mut self, count: usize) -> &mut Self {
        self.head(5, count as u64)
    }

    /// Writes true or false.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.0.push(if value { 0xf5 } else { 0xf4 });
        self
    }

    /// Appends values that are written already.
    pub fn raw(&mut self, values: &[u8]) -> &mut Self {
        self.0.extend_from_slice(values);
        self
    }

    /// Writes "nothing".
    pub fn null(&mut self) -> &mut Self {
        self.0.push(0xf6);
        self
    }

    fn head(&mut self, major: u8, value: u64) -> &mut Self {
        let major = major << 5;
        if value < 24 {
            self.0.push(major | value as u8);
        } else if let Ok(value) = u8::try_from(value) {
            self.0.extend([major | 24, value]);
        } else if let Ok(value) = u16::try_from(value) {
            self.0.push(major | 25);
            self.0.extend(value.to_be_bytes());
        } else if let Ok(value) = u32::try_from(value) {
            self.0.push(major | 26);
            self.0.extend(value.to_be_bytes());
        } else {
            self.0.push(major | 27);
            self.0.extend(value.to_be_bytes());
        }
        self
    }
}

/// Reads one value from bytes of unknown origin; never panics and never allocates more than it was given.
#[derive(Clone, Debug)]
pub struct Reader<'a>(Decoder<'a>);

impl<'a> Reader<'a> {
    /// Makes a reader at the start of the bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Decoder::new(bytes))
    }

    /// Checks that nothing follows.
    pub fn end(&self) -> Result<(), DecodeError> {
        if self.0.position() == self.0.input().len() { Ok(()) } else { Err(DecodeError::Trailing) }
    }

    /// Reads an unsigned integer that fits the type asked for.
    pub fn uint<T: TryFrom<u64>>(&mut self) -> Result<T, DecodeError> {
        let value = self.0.u64().map_err(|_| DecodeError::Shape)?;
        T::try_from(value).map_err(|_| DecodeError::Shape)
    }

    /// Reads a signed integer that fits the type asked for.
    pub fn int<T: TryFrom<i64>>(&mut self) -> Result<T, DecodeError> {
        let value = self.0.i64().map_err(|_| DecodeError::Shape)?;
        T::try_from(value).map_err(|_| DecodeError::Shape)
    }

    /// Reads a byte string of at most `limit` bytes.
    pub fn bytes(&mut self, limit: usize) -> Result<&'a [u8], DecodeError> {
        let value = self.0.bytes().map_err(|_| DecodeError::Shape)?;
        if value.len() > limit { Err(DecodeError::TooLong) } else { Ok(value) }
    }

    /// Reads a byte string of exactly `N` bytes.
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.bytes(N)?.try_into().map_err(|_| DecodeError::Shape)
    }

    /// Reads a text of at most `limit` bytes.
    pub fn text(&mut self, limit: usize) -> Result<&'a str, DecodeError> {
        let value = self.0.str().map_err(|_| DecodeError::Shape)?;
        if value.len() > limit { Err(DecodeError::TooLong) } else { Ok(value) }
    }

    /// Reads a text of at most `limit` bytes as the identifier it spells.
    pub fn parsed<T: FromStr>(&mut self, limit: usize) -> Result<T, DecodeError> {
        self.text(limit)?.parse().map_err(|_| DecodeError::Shape)
    }

    /// Reads true or false.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        self.0.bool().map_err(|_| DecodeError::Shape)
    }

    /// Reads the head of a list of exactly `count` values.
    pub fn array(&mut self, count: usize) -> Result<(), DecodeError> {
        if self.list(count)? == count { Ok(()) } else { Err(DecodeError::Shape) }
    }

    /// Reads the head of a list of at most `limit` values and returns its length.
    pub fn list(&mut self, limit: usize) -> Result<usize, DecodeError> {
        Self::length(self.0.array(), limit)
    }

    /// Reads the head of a map of at most `limit` pairs and returns its length.
    pub fn map(&mut self, limit: usize) -> Result<usize, DecodeError> {
        Self::length(self.0.map(), limit)
    }

    /// Reads "nothing" if it stands here, and tells whether it did.
    pub fn nothing(&mut self) -> Result<bool, DecodeError> {
        let nothing = self.kind()? == Type::Null;
        if nothing {
            self.0.null().map_err(|_| DecodeError::Shape)?;
        }
        Ok(nothing)
    }

    /// Tells whether a list stands here.
    pub fn at_list(&self) -> Result<bool, DecodeError> {
        Ok(self.kind()? == Type::Array)
    }

    /// Tells whether a byte string stands here.
    pub fn at_bytes(&self) -> Result<bool, DecodeError> {
        Ok(self.kind()? == Type::Bytes)
    }

    /// Tells whether a text stands here.
    pub fn at_text(&self) -> Result<bool, DecodeError> {
        Ok(self.kind()? == Type::String)
    }

    /// Passes over one value of any shape and returns its bytes.
    pub fn value(&mut self) -> Result<&'a [u8], DecodeError> {
        let (bytes, start) = (self.0.input(), self.0.position());
        self.skip()?;
        bytes.get(start..self.0.position()).ok_or(DecodeError::Shape)
    }

    /// Passes over one value of any shape, such as a field of a later version.
    pub fn skip(&mut self) -> Result<(), DecodeError> {
        self.0.skip().map_err(|_| DecodeError::Shape)
    }

    fn kind(&self) -> Result<Type, DecodeError> {
        self.0.datatype().map_err(|_| DecodeError::Shape)
    }

    fn length(read: Result<Option<u64>, minicbor::decode::Error>, limit: usize) -> Result<usize, DecodeError> {
        let count = read.map_err(|_| DecodeError::Shape)?.ok_or(DecodeError::Shape)?;
        let count = usize::try_from(count).map_err(|_| DecodeError::TooLong)?;
        if count > limit { Err(DecodeError::TooLong) } else { Ok(count) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_take_the_fewest_bytes() {
        for (value, length) in [(23, 1), (24, 2), (255, 2), (256, 3), (65_535, 3), (65_536, 5), (u64::MAX, 9)] {
            let mut writer = Writer::new();
            writer.uint(value);
            let bytes = writer.finish();
            assert_eq!(bytes.len(), length, "{value}");
            assert_eq!(Reader::new(&bytes).uint::<u64>(), Ok(value));
        }
        let mut writer = Writer::new();
        writer.int(-1).int(i64::MIN);
        let bytes = writer.finish();
        let mut reader = Reader::new(&bytes);
        assert_eq!((reader.int::<i64>(), reader.int::<i64>()), (Ok(-1), Ok(i64::MIN)));
    }

    #[test]
    fn a_huge_claim_costs_nothing() {
        let bytes = [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(Reader::new(&bytes).list(10), Err(DecodeError::TooLong));
        assert_eq!(Reader::new(&[0x9f, 0xff]).list(10), Err(DecodeError::Shape), "no endless lists");
    }
}
