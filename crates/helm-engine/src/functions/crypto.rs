//! Functions that make keys and secrets: placeholders of the right shape, which
//! say what they are.

use super::encoding::base64;
use super::given::{Given, Writer, computed, fail, function, int, made, text};
use super::{Budget, Failure, Function, Param};
use crate::value::{Struct, Text, Value};
use std::rc::Rc;

const S: Param = Param::String;
const I: Param = Param::Int;
const L: Param = Param::List;
const A: Param = Param::Any;

/// The functions that make keys and secrets.
pub(super) const FUNCTIONS: &[Function] = &[
    function("bcrypt", &[S], bcrypt),
    function("buildCustomCert", &[S, S], build_custom_cert),
    function("decryptAES", &[S, S], decrypt_aes),
    function("derivePassword", &[I, S, S, S, S], derive_password),
    function("encryptAES", &[S, S], encrypt_aes),
    function("genCA", &[S, I], certificate),
    function("genCAWithKey", &[S, I, S], certificate_with_key),
    function("genPrivateKey", &[S], gen_private_key),
    function("genSelfSignedCert", &[S, L, L, I], certificate),
    function("genSelfSignedCertWithKey", &[S, L, L, I, S], certificate_with_key),
    function("genSignedCert", &[S, L, L, I, A], certificate),
    function("genSignedCertWithKey", &[S, L, L, I, A, S], certificate_with_key),
    function("htpasswd", &[S, S], htpasswd),
];

/// A bcrypt hash of the usual length.
const BCRYPT: &str = "$2a$10$PLACEHOLDERPLACEHOLDERPLACEHOLDERPLACEHOLDERPLACEHOLD";

fn bcrypt(budget: &mut Budget, given: &[Value]) -> Given {
    let password = text(given, 0)?;
    // Go's bcrypt refuses more.
    let hash = match password.len() {
        ..=72 => BCRYPT,
        _ => "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes",
    };
    made(budget, hash, &[password])
}

fn htpasswd(budget: &mut Budget, given: &[Value]) -> Given {
    let user = text(given, 0)?;
    let hash = bcrypt(budget, given.get(1..).unwrap_or_default())?;
    let mut out = Writer::new(budget);
    if user.bytes().contains(&b':') {
        out.literal("invalid username: ")?;
        out.text(user)?;
        return out.value();
    }
    out.text(user)?;
    out.literal(":")?;
    if let Value::Str(hash) = hash {
        out.text(&hash)?;
    }
    out.value()
}

/// Text in the armour of PEM.
fn pem(kind: &str) -> String {
    // What base64 decodes, for charts that look into it.
    let body = base64::encode("PLACEHOLDER ".repeat(4).as_bytes());
    format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n")
}

fn gen_private_key(budget: &mut Budget, given: &[Value]) -> Given {
    let kind = text(given, 0)?;
    let label = match kind.bytes() {
        b"" | b"rsa" => "RSA PRIVATE KEY",
        b"dsa" => "DSA PRIVATE KEY",
        b"ecdsa" => "EC PRIVATE KEY",
        b"ed25519" => "PRIVATE KEY",
        _ => {
            let mut out = Writer::new(budget);
            out.literal("Unknown type ")?;
            out.text(kind)?;
            return out.value();
        }
    };
    made(budget, pem(label), &[kind])
}

fn pair(cert: Value, key: Value) -> Value {
    Value::Struct(Rc::new(Struct {
        type_name: "sprig.certificate",
        fields: vec![("Cert", cert), ("Key", key)],
    }))
}

fn certificate(budget: &mut Budget, given: &[Value]) -> Given {
    let name = text(given, 0)?;
    let cert = made(budget, pem("CERTIFICATE"), &[name])?;
    let key = made(budget, pem("RSA PRIVATE KEY"), &[name])?;
    Ok(pair(cert, key))
}

fn certificate_with_key(budget: &mut Budget, given: &[Value]) -> Given {
    let name = text(given, 0)?;
    let key = text(given, given.len().saturating_sub(1))?;
    let cert = made(budget, pem("CERTIFICATE"), &[name])?;
    Ok(pair(cert, Value::Str(key.clone())))
}

/// The decoded arguments; that they are a certificate and a key is taken for granted.
fn build_custom_cert(budget: &mut Budget, given: &[Value]) -> Given {
    let cert = decoded(budget, text(given, 0)?, "certificate")?;
    let key = decoded(budget, text(given, 1)?, "private key")?;
    match &cert {
        Value::Str(text) if memchr::memmem::find(text.bytes(), b"-----BEGIN").is_some() => {
            Ok(pair(cert, key))
        }
        _ => fail("unable to decode certificate"),
    }
}

fn decoded(budget: &mut Budget, text: &Text, what: &str) -> Result<Value, Failure> {
    budget.bytes(text.len())?;
    match base64::decode(text.bytes()) {
        Ok(bytes) => made(budget, bytes, &[text]),
        Err(_) => fail(format!("unable to decode base64 {what}")),
    }
}

fn encrypt_aes(budget: &mut Budget, given: &[Value]) -> Given {
    let (password, plain) = (text(given, 0)?, text(given, 1)?);
    if plain.is_empty() {
        return Ok(Value::str(""));
    }
    // A block for the start, then the text and its padding in blocks of 16.
    let length = 16 + (plain.len() / 16 + 1) * 16;
    budget.bytes(length.saturating_mul(2))?;
    let bytes: Vec<u8> = b"PLACEHOLDER".iter().copied().cycle().take(length).collect();
    made(budget, base64::encode(&bytes), &[password, plain])
}

fn decrypt_aes(budget: &mut Budget, given: &[Value]) -> Given {
    let (password, secret) = (text(given, 0)?, text(given, 1)?);
    if secret.is_empty() {
        return Ok(Value::str(""));
    }
    budget.bytes(secret.len())?;
    match base64::decode(secret.bytes()) {
        Ok(_) => made(budget, "PLACEHOLDER", &[password, secret]),
        Err(error) => fail(error.to_string()),
    }
}

fn derive_password(budget: &mut Budget, given: &[Value]) -> Given {
    int(given, 0)?;
    let kind = text(given, 1)?;
    let password = match kind.bytes() {
        b"maximum" => "PLACEHOLDERPLACEHOLD",
        b"long" => "PLACEHOLDERPLA",
        b"medium" | b"basic" => "PLACEHOL",
        b"short" => "PLAC",
        b"pin" => "0000",
        _ => {
            let mut out = Writer::new(budget);
            out.literal("cannot find password template ")?;
            out.text(kind)?;
            return out.value();
        }
    };
    budget.bytes(password.len())?;
    let inputs = [text(given, 2)?, text(given, 3)?, text(given, 4)?];
    Ok(Value::Str(Text::with_origin(password, computed(&inputs))))
}

#[cfg(test)]
mod tests {
    use super::super::lookup;
    use super::*;

    fn call(name: &str, arguments: &[Value]) -> Value {
        (lookup(name).unwrap().call)(&mut Budget::new(1 << 20, 1 << 10), arguments).unwrap()
    }

    #[test]
    fn placeholders_have_the_shape_of_what_they_stand_for() {
        let Value::Str(hash) = call("htpasswd", &[Value::str("user"), Value::str("secret")]) else {
            panic!()
        };
        assert!(hash.as_str().starts_with("user:$2a$10$PLACEHOLDER"));
        assert_eq!(hash.len(), "user:".len() + 60);
        let list = Value::List(crate::value::List::default());
        let name = Value::str("ca");
        let ca = call("genCA", &[name.clone(), Value::int(365)]);
        let signed = call("genSignedCert", &[name, list.clone(), list, Value::int(1), ca]);
        let Value::Struct(signed) = signed else { panic!() };
        assert_eq!(signed.type_name, "sprig.certificate");
        let Some(Value::Str(cert)) = signed.field("Cert") else { panic!() };
        assert!(cert.as_str().starts_with("-----BEGIN CERTIFICATE-----\n"));
        // What is built of it goes through.
        let encode = |name: &str| call("b64enc", &[signed.field(name).unwrap().clone()]);
        let Value::Struct(built) = call("buildCustomCert", &[encode("Cert"), encode("Key")]) else {
            panic!()
        };
        let Some(Value::Str(same)) = built.field("Cert") else { panic!() };
        assert_eq!(same, cert);
    }

    #[test]
    fn encrypted_text_is_as_long_as_it_would_be() {
        let Value::Str(text) =
            call("encryptAES", &[Value::str("key"), Value::str("0123456789abcdef")])
        else {
            panic!()
        };
        assert_eq!(base64::decode(text.bytes()).unwrap().len(), 48);
    }
}
