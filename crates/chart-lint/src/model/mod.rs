//! The words of a report, as types: images, findings, places.

pub mod finding;
pub mod image;
pub mod location;
pub mod report;

pub use finding::{Finding, Fix, FixEdit, Label, Level};
pub use image::{
    Declaration, Evidence, Excepted, Image, Lapsed, Part, PolicyWord, Priority, Role, Status, Use,
};
pub use location::{ByteRange, Location, Position, Snippet};
pub use report::{
    ChartSummary, Comment, FileOutcome, FileRecord, FixedFinding, Hidden, HiddenBy, Rendering,
    Report, Summary,
};
