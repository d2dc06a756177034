//! Decimal numbers without rounding, but for quotients, which have 16 places:
//! sprig's `addf` and its siblings.

use crate::functions::convert::to_float;
use crate::functions::print::print_float;
use crate::functions::{Budget, Failure};
use crate::value::Value;
use std::cmp::Ordering;

/// What is done with a number and the next one.
#[derive(Clone, Copy)]
pub(super) enum Operation {
    Add,
    Sub,
    Mul,
    Div,
}

/// Starts with a number, and takes in the others one after another.
pub(super) fn fold(
    budget: &mut Budget,
    first: &Value,
    others: &[Value],
    with: Operation,
) -> Result<f64, Failure> {
    let mut number = Decimal::new(to_float(first))?;
    for other in others {
        let other = Decimal::new(to_float(other))?;
        // Nothing is rounded, so the number grows with each of them.
        budget.bytes(number.digits.len())?;
        number = match with {
            Operation::Add => number.plus(&other),
            Operation::Sub => number.plus(&other.negated()),
            Operation::Mul => number.times(&other),
            Operation::Div => number.over(&other)?,
        };
    }
    Ok(number.float())
}

/// How many places quotients have.
const PLACES: i64 = 16;

/// Digits, the highest first and without zeros before it, times a power of ten.
#[derive(Debug, Clone)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn new(number: f64) -> Result<Self, Failure> {
        if !number.is_finite() {
            let printed = print_float(number);
            return Err(Failure(format!("Cannot create a Decimal from {printed}")));
        }
        let text = format!("{:e}", number.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits: Vec<u8> =
            mantissa.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
        let exponent = exponent.parse::<i64>().unwrap_or_default() - (digits.len() as i64 - 1);
        Ok(Self { negative: number < 0.0, digits: trimmed(digits), exponent })
    }

    fn float(&self) -> f64 {
        let digits: String = self.digits.iter().map(|digit| (digit + b'0') as char).collect();
        let sign = if self.negative && !digits.is_empty() { "-" } else { "" };
        format!("{sign}0{digits}e{}", self.exponent).parse().unwrap_or_default()
    }

    fn negated(mut self) -> Self {
        self.negative = !self.negative;
        self
    }

    /// The digits down to a lower exponent.
    fn down_to(&self, exponent: i64) -> Vec<u8> {
        let mut digits = self.digits.clone();
        if !digits.is_empty() {
            digits.resize(digits.len() + (self.exponent - exponent).max(0) as usize, 0);
        }
        digits
    }

    fn plus(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let (a, b) = (self.down_to(exponent), other.down_to(exponent));
        if self.negative == other.negative {
            return Self { negative: self.negative, digits: sum(&a, &b), exponent };
        }
        match compare(&a, &b) {
            Ordering::Less => {
                Self { negative: other.negative, digits: difference(&b, &a), exponent }
            }
            _ => Self { negative: self.negative, digits: difference(&a, &b), exponent },
        }
    }

    fn times(&self, other: &Self) -> Self {
        let mut sums = vec![0_u64; self.digits.len() + other.digits.len()];
        for (i, a) in self.digits.iter().rev().enumerate() {
            for (j, b) in other.digits.iter().rev().enumerate() {
                sums[i + j] += u64::from(*a) * u64::from(*b);
            }
        }
        let mut carry = 0;
        let mut digits: Vec<u8> = Vec::with_capacity(sums.len());
        for sum in sums {
            let sum = sum + carry;
            digits.push((sum % 10) as u8);
            carry = sum / 10;
        }
        digits.reverse();
        Self {
            negative: self.negative != other.negative,
            digits: trimmed(digits),
            exponent: self.exponent + other.exponent,
        }
    }

    fn over(&self, other: &Self) -> Result<Self, Failure> {
        if other.digits.is_empty() {
            return Err(Failure("decimal division by 0".to_owned()));
        }
        let shift = self.exponent - other.exponent + PLACES;
        let (mut above, mut below) = (self.digits.clone(), other.digits.clone());
        let zeros = shift.unsigned_abs() as usize;
        match shift {
            _ if above.is_empty() => {}
            0.. => above.resize(above.len() + zeros, 0),
            _ => below.resize(below.len() + zeros, 0),
        }
        let (mut digits, remainder) = quotient(&above, &below);
        if compare(&sum(&remainder, &remainder), &below) != Ordering::Less {
            digits = sum(&digits, &[1]);
        }
        Ok(Self { negative: self.negative != other.negative, digits, exponent: -PLACES })
    }
}

fn trimmed(mut digits: Vec<u8>) -> Vec<u8> {
    let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
    digits.drain(..zeros);
    digits
}

fn compare(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut digits = Vec::with_capacity(a.len().max(b.len()) + 1);
    let (mut a, mut b) = (a.iter().rev(), b.iter().rev());
    let mut carry = 0;
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            break;
        }
        let sum = x.unwrap_or(&0) + y.unwrap_or(&0) + carry;
        digits.push(sum % 10);
        carry = sum / 10;
    }
    digits.push(carry);
    digits.reverse();
    trimmed(digits)
}

/// Of a number and one that is no larger.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut digits = Vec::with_capacity(a.len());
    let mut b = b.iter().rev();
    let mut borrow = 0;
    for x in a.iter().rev() {
        let y = b.next().unwrap_or(&0) + borrow;
        borrow = u8::from(*x < y);
        digits.push(x + 10 * borrow - y);
    }
    digits.reverse();
    trimmed(digits)
}

/// The whole quotient and what remains.
fn quotient(above: &[u8], below: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut digits = Vec::with_capacity(above.len());
    let mut remainder: Vec<u8> = Vec::new();
    for digit in above {
        if !remainder.is_empty() || *digit != 0 {
            remainder.push(*digit);
        }
        let mut times = 0;
        while compare(&remainder, below) != Ordering::Less {
            remainder = difference(&remainder, below);
            times += 1;
        }
        digits.push(times);
    }
    (trimmed(digits), remainder)
}
