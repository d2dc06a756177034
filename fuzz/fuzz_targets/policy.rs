//! Policy files.
#![no_main]

use chart_lint::policy::Policy;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(mistakes) = Policy::parse(text, "image-policy.yaml") {
        assert!(!mistakes.is_empty());
        for mistake in mistakes {
            assert!(text.get(mistake.span).is_some());
            assert!(!mistake.message.is_empty() && !mistake.help.is_empty());
        }
    }
});
