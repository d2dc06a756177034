//! The editions of JSON Schema.

use crate::value::Value;

/// An edition, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Draft {
    Four,
    Six,
    Seven,
    Y2019,
    Y2020,
}

impl Draft {
    /// What `$schema` names; the newest where it names none.
    pub(super) fn of(root: &Value) -> Self {
        let Value::Map(map) = root else { return Self::Y2020 };
        let Some(Value::Str(uri)) = map.get("$schema") else { return Self::Y2020 };
        let uri = uri.as_str();
        let named = |edition: &str| uri.contains(edition);
        match () {
            () if named("draft-04") => Self::Four,
            () if named("draft-06") => Self::Six,
            () if named("draft-07") => Self::Seven,
            () if named("2019-09") => Self::Y2019,
            () => Self::Y2020,
        }
    }

    /// What stands beside a `$ref` does not count before 2019.
    pub(super) fn refers_only(self) -> bool {
        self < Self::Y2019
    }

    /// The schema of schemas.
    pub(super) fn metaschema(self) -> &'static str {
        match self {
            Self::Four => "http://json-schema.org/draft-04/schema#",
            Self::Six => "http://json-schema.org/draft-06/schema#",
            Self::Seven => "http://json-schema.org/draft-07/schema#",
            Self::Y2019 => "https://json-schema.org/draft/2019-09/schema#",
            Self::Y2020 => "https://json-schema.org/draft/2020-12/schema#",
        }
    }

    /// The key under which a schema names itself.
    pub(super) fn id(self) -> &'static str {
        if self == Self::Four { "id" } else { "$id" }
    }
}
