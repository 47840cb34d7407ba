//! Prints `docs/schema.md`; `cargo xtask schema` writes it.

#![expect(clippy::print_stdout, reason = "the page is the answer")]

fn main() {
    print!("{}", wire::schema::page());
}
