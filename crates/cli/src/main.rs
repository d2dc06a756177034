//! The binary `chart-images`.

/// Evaluating templates makes many small values, on several threads.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    chart_images::main(chart_images::Caller::Binary)
}
