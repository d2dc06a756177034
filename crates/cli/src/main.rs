//! The binary `chart-images`.

fn main() -> std::process::ExitCode {
    chart_images::main(chart_images::Caller::Binary)
}
