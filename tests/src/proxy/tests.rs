//! The line does what its modes say, switched while connections run.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use super::*;
use crate::eventually::eventually;

/// A hall that says back what it hears.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let (mut from, mut to) = (stream.try_clone().unwrap(), stream);
                io::copy(&mut from, &mut to).ok();
            });
        }
    });
    address
}

fn dial(proxy: &FaultProxy) -> TcpStream {
    let stream = TcpStream::connect(proxy.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

fn say_and_hear(stream: &mut TcpStream, said: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(said)?;
    let mut heard = vec![0; said.len()];
    stream.read_exact(&mut heard)?;
    Ok(heard)
}

#[test]
fn passes_and_counts() {
    let proxy = FaultProxy::start(echo()).unwrap();
    let mut stream = dial(&proxy);
    assert_eq!(say_and_hear(&mut stream, b"hello").unwrap(), b"hello");
    assert_eq!(proxy.connections(), 1);
    // A byte is counted once it has been passed on, which its reader may see first.
    eventually(Duration::from_secs(20), "both directions counted", || {
        let counts = (proxy.carried(Direction::Up), proxy.carried(Direction::Down));
        (counts == (5, 5)).then_some(())
    });
}

#[test]
fn a_closed_side_closes_the_other() {
    let proxy = FaultProxy::start(echo()).unwrap();
    let mut stream = dial(&proxy);
    assert_eq!(say_and_hear(&mut stream, b"bye").unwrap(), b"bye");
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
}

#[test]
fn cuts_old_and_new_and_heals() {
    let proxy = FaultProxy::start(echo()).unwrap();
    let mut stream = dial(&proxy);
    assert_eq!(say_and_hear(&mut stream, b"before").unwrap(), b"before");
    proxy.set(Mode::Cut);
    assert!(matches!(stream.read(&mut [0; 8]), Ok(0) | Err(_)), "the old one is dropped");
    assert!(say_and_hear(&mut dial(&proxy), b"during").is_err(), "a new one is dropped");
    proxy.set(Mode::Pass);
    assert_eq!(say_and_hear(&mut dial(&proxy), b"after").unwrap(), b"after");
    assert_eq!(proxy.connections(), 2);
}

#[test]
fn a_stalled_line_keeps_what_it_was_given() {
    let proxy = FaultProxy::start(echo()).unwrap();
    let mut stream = dial(&proxy);
    assert_eq!(say_and_hear(&mut stream, b"open").unwrap(), b"open");
    proxy.set(Mode::Stall);
    stream.write_all(b"late").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let error = stream.read(&mut [0; 8]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    proxy.set(Mode::Pass);
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut heard = [0; 4];
    stream.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"late");
}

#[test]
fn throttles() {
    let proxy = FaultProxy::start(echo()).unwrap();
    proxy.set(Mode::Throttle(20_000));
    let started = Instant::now();
    let said = vec![7; 10_000];
    assert_eq!(say_and_hear(&mut dial(&proxy), &said).unwrap(), said);
    assert!(started.elapsed() >= Duration::from_millis(450), "{:?}", started.elapsed());
}

#[test]
fn delays_each_byte_and_not_their_sum() {
    let proxy = FaultProxy::start(echo()).unwrap();
    proxy.set(Mode::Delay(Duration::from_millis(100)));
    let started = Instant::now();
    let said = vec![7; 100_000];
    let mut stream = dial(&proxy);
    let mut writer = stream.try_clone().unwrap();
    let sent = said.clone();
    let writing = thread::spawn(move || writer.write_all(&sent).unwrap());
    let mut heard = vec![0; said.len()];
    stream.read_exact(&mut heard).unwrap();
    writing.join().unwrap();
    assert_eq!(heard, said);
    assert!(started.elapsed() >= Duration::from_millis(200), "{:?}", started.elapsed());
}

#[test]
fn flips_one_bit_once() {
    let proxy = FaultProxy::start(echo()).unwrap();
    let mut stream = dial(&proxy);
    let said = [0_u8; 64];
    for direction in [Direction::Up, Direction::Down] {
        proxy.set(Mode::Flip(direction));
        let heard = say_and_hear(&mut stream, &said).unwrap();
        let flipped: u32 = heard.iter().map(|byte| byte.count_ones()).sum();
        assert_eq!(flipped, 1, "{direction:?}");
        assert_eq!(proxy.mode(), Mode::Pass);
        assert_eq!(say_and_hear(&mut stream, &said).unwrap(), said);
    }
}

#[test]
fn ends_when_dropped() {
    let proxy = FaultProxy::start(echo()).unwrap();
    let mut stream = dial(&proxy);
    assert_eq!(say_and_hear(&mut stream, b"open").unwrap(), b"open");
    let address = proxy.address();
    drop(proxy);
    assert!(matches!(stream.read(&mut [0; 8]), Ok(0) | Err(_)));
    assert!(TcpStream::connect(address).is_err());
}
