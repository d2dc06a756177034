//! The JSON schema of the policy file, for editors.

use super::document::Document;

/// The schema, generated from the types.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Document);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    /// `UPDATE=1 cargo test -p chart-lint --features schema` writes it.
    #[test]
    fn the_committed_schema_is_not_stale() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/image-policy.schema.json");
        let schema = super::schema();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(file, &schema).unwrap();
        }
        let committed = std::fs::read_to_string(file).unwrap().replace("\r\n", "\n");
        assert_eq!(
            committed, schema,
            "stale; run UPDATE=1 cargo test -p chart-lint --features schema"
        );
    }
}
