//! Image references, and patterns over them; a line feed parts the two.
#![no_main]

use image_ref::{ImagePattern, Name, Reference, RegistryPattern, Replacement};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (image, pattern) = text.split_once('\n').unwrap_or((text, "**"));
    let image = match Reference::parse(image) {
        Ok(image) => image,
        Err(error) => {
            assert!(image.get(error.span).is_some());
            return;
        }
    };
    // The parts and what stands between them are the whole text.
    let mut spelled = String::new();
    if let Some(registry) = image.registry() {
        spelled += &format!("{registry}/");
    }
    spelled += image.repository();
    if let Some(tag) = image.tag() {
        spelled += &format!(":{tag}");
    }
    if let Some(digest) = image.digest() {
        spelled += &format!("@{digest}");
    }
    assert_eq!(spelled, image.text());

    let name = image.name();
    assert_eq!(Name::parse(&name.to_string()).as_ref(), Ok(&name), "normal form is stable");
    let (from, to) = pattern.split_once('\n').unwrap_or((pattern, "public.ecr.aws/**"));
    let _ = RegistryPattern::parse(from).map(|pattern| pattern.matches(&name.registry));
    match ImagePattern::parse(from) {
        Ok(pattern) => assert_eq!(pattern.matches(&name), pattern.captures(&name).is_some()),
        Err(error) => assert!(from.get(error.span).is_some()),
    }
    if let Ok(replacement) = Replacement::new(from, to)
        && let Some(text) = replacement.apply(&image)
    {
        assert!(Reference::parse(&text).is_ok(), "{text} is no reference");
    }
});
