//! Whether what an image is to become may be relied on, by what a verification found.

use crate::propose::Refusal;
use chart_lint::model::Image;
use chart_lint::verified::Verified;

/// Accepts an image that moves to what was found to be the same image; without `strict`
/// any that moves to what was not found to be gone.
///
/// # Errors
/// Why not.
pub fn vouch(image: &Image, verified: Option<&Verified>, strict: bool) -> Result<(), Refusal> {
    // Without a replacement there is nothing to vouch for, which is said elsewhere.
    let Some(target) = &image.replacement else { return Ok(()) };
    let entry = verified.and_then(|verified| verified.find(&image.reference, target));
    let (because, instead) = match entry.map(|entry| entry.answer) {
        Some(answer) if answer.is_missing() => (
            format!("`{target}` is not there: {}", answer.as_str()),
            "Mirror it, or name another replacement in the policy; then verify again.",
        ),
        _ if !strict => return Ok(()),
        Some(answer) if answer.is_same() => return Ok(()),
        Some(answer) if answer.is_unknown() => (
            format!("`{target}` could not be verified: {}", answer.as_str()),
            "Verify it again, or compare it by hand and give --unverified.",
        ),
        Some(answer) => (
            format!("`{target}` is another image: {}", answer.as_str()),
            "Compare the two; --unverified moves it all the same.",
        ),
        None => (
            format!("`{target}` was never verified"),
            "Verify it, or pull it by hand and give --unverified.",
        ),
    };
    Err(Refusal::new(because, instead))
}
