//! A real registry behind a limit, as those that the public uses have it.

use crate::layout::{Make, push};
use crate::registries;
use crate::sandbox::Sandbox;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Passes so many requests on to a registry, and refuses the rest.
fn limited(registry: String, permitted: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (count, client) in listener.incoming().flatten().enumerate() {
            // Whoever hangs up before its answer is no matter.
            let _ = answer(client, (count < permitted).then_some(&registry));
        }
    });
    address
}

/// Answers one request and hangs up, so that the next one comes on its own.
fn answer(mut client: TcpStream, registry: Option<&String>) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    let Some(registry) = registry else {
        return client.write_all(
            b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\
              Connection: close\r\n\r\n",
        );
    };
    let mut upstream = TcpStream::connect(registry)?;
    let lines = head.lines().filter(|line| !line.to_lowercase().starts_with("connection:"));
    for line in lines.filter(|line| !line.is_empty()) {
        write!(upstream, "{line}\r\n")?;
    }
    upstream.write_all(b"Connection: close\r\n\r\n")?;
    io::copy(&mut upstream, &mut client).map(drop)
}

#[test]
fn what_is_beyond_the_limit_is_throttled_and_not_missing() {
    let Some(all) = registries() else { return };
    let make = Make { platforms: &[("linux/amd64", "l")], note: "", index: false };
    let images = ["public.ecr.aws/limited/a:1", "public.ecr.aws/limited/b:1"];
    for image in images {
        push(&make, &all.open, image.strip_prefix("public.ecr.aws/").unwrap(), None);
    }
    let address = limited(all.open.clone(), 1);
    let policy = format!(
        "version: 1\nregistries: {{allowed: [public.ecr.aws]}}\n\
         endpoints: [{{registry: public.ecr.aws, endpoint: 'http://{address}', at-once: 1}}]\n"
    );
    let said = Sandbox::of(&images, &policy).run("--format json");
    let mut answers = images.map(|image| said.answer(image).0);
    answers.sort();
    assert_eq!(answers, ["identical", "throttled"], "{said:?}");
    assert_eq!(said.status, 3, "what is not known is no success: {said:?}");
}
