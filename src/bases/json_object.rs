//! Structs that are read from JSON objects only.
//!
//! Serde would also read a struct from an array of its fields. Nobody sends that, and the code for
//! it is nearly half of what reads a struct, which every browser would download.

use std::fmt;

use serde::{
    Deserializer,
    de::{MapAccess, Visitor},
    forward_to_deserialize_any,
};

/// Reads the types from objects only. Each derives `Serialize` and `Deserialize` with
/// `#[serde(remote = "Self")]`, which leaves the traits to this macro.
#[macro_export]
macro_rules! json_objects {
    ($($name:ident),+ $(,)?) => {$(
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $name::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $name::deserialize($crate::bases::json_object::ObjectOnly(deserializer))
            }
        }
    )+};
}

pub use json_objects;

/// A deserializer that reads structs as maps.
#[derive(Debug)]
pub struct ObjectOnly<D>(pub D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(MapOnly(visitor))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// A visitor that takes nothing but a map.
struct MapOnly<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for MapOnly<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(map)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(remote = "Self")]
    struct Point {
        x: i32,
        #[serde(default)]
        y: i32,
    }

    json_objects!(Point);

    #[test]
    fn an_object_is_read_and_an_array_is_refused() {
        let point = Point { x: 1, y: 2 };
        let json = serde_json::to_string(&point).expect("JSON");
        assert_eq!(json, r#"{"x":1,"y":2}"#);
        assert_eq!(serde_json::from_str::<Point>(&json).ok(), Some(point));
        assert!(serde_json::from_str::<Point>(r#"{"x":1,"z":3}"#).is_ok());
        let missing = serde_json::from_str::<Point>("{}").expect_err("no x");
        assert!(missing.to_string().contains("missing field `x`"));
        let array = serde_json::from_str::<Point>("[1,2]").expect_err("an array");
        assert!(array.to_string().contains("expected"));
    }
}
