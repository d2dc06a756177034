//! `cargo xtask <verb>-images` hands over to the command line of `chart-images`.

fn main() -> std::process::ExitCode {
    chart_images::main(chart_images::Caller::Xtask)
}
