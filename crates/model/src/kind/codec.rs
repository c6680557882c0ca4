//! The bytes that are sealed. Their form never changes: old ciphertexts must open for ever.
//!
//! | values | bytes |
//! |---|---|
//! | text of every kind | UTF-8 |
//! | several choices | UTF-8, joined by commas |
//! | number, money | millionths, 8 bytes big-endian, two's complement |
//! | day | year (2 bytes big-endian, two's complement), month, day |
//! | instant | microseconds since 1970-01-01T00:00:00Z, 8 bytes big-endian, two's complement |
//! | yes/no | one byte, 1 or 0 |
//! | link, file | the 16 bytes of the id |

use jiff::{Timestamp, civil::Date};
use kernel::RecordId;

use super::{Invalid, Kind, Value};

impl Kind {
    /// The bytes of a value.
    pub fn encode(&self, value: &Value) -> Vec<u8> {
        match value {
            Value::Text(text) => text.clone().into_bytes(),
            Value::Many(values) => values.join(",").into_bytes(),
            Value::Number(number) => number.to_be_bytes().to_vec(),
            Value::Date(date) => {
                let [high, low] = date.year().to_be_bytes();
                vec![high, low, date.month().unsigned_abs(), date.day().unsigned_abs()]
            }
            Value::Time(time) => kernel::micros(*time).to_be_bytes().to_vec(),
            Value::YesNo(yes) => vec![u8::from(*yes)],
            Value::Link(id) => id.as_bytes().to_vec(),
        }
    }

    /// The value of stored bytes. A text is not checked again: what was valid when it was written stays readable.
    pub fn decode(&self, bytes: &[u8]) -> Result<Value, Invalid> {
        let bad = || Invalid::new("stored_form");
        let number = || Ok::<i64, Invalid>(i64::from_be_bytes(bytes.try_into().map_err(|_| bad())?));
        let text = || std::str::from_utf8(bytes).map_err(|_| bad());
        Ok(match self {
            Self::Text { .. } | Self::LongText { .. } | Self::Email | Self::Phone | Self::Url | Self::Choice(_) => {
                Value::Text(text()?.to_owned())
            }
            Self::ManyChoice(_) => Value::Many(text()?.split(',').map(str::to_owned).collect()),
            Self::Number { .. } | Self::Money { .. } => Value::Number(number()?),
            Self::Date => {
                let &[high, low, month, day] = bytes else { return Err(bad()) };
                let (month, day) = (i8::try_from(month).map_err(|_| bad())?, i8::try_from(day).map_err(|_| bad())?);
                Value::Date(Date::new(i16::from_be_bytes([high, low]), month, day).map_err(|_| bad())?)
            }
            Self::Time => Value::Time(Timestamp::from_microsecond(number()?).map_err(|_| bad())?),
            Self::YesNo => match bytes {
                [0] => Value::YesNo(false),
                [1] => Value::YesNo(true),
                _ => return Err(bad()),
            },
            Self::Link(_) | Self::File => Value::Link(RecordId::from_slice(bytes).ok_or_else(bad)?),
        })
    }
}
