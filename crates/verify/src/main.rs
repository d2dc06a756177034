fn main() -> std::process::ExitCode {
    chart_images_verify::main()
}
