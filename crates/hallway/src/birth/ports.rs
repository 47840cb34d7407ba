//! Free ports on loopback that stay free until the hall serves.
//!
//! Between `init` and `serve` nobody listens, so another process could be given the same port. A
//! connection that the listening side closed first leaves its port in `TIME_WAIT` for a minute: the
//! system hands it to nobody who asks for any port, and still lets a server bind it by number.

use std::io::{self, Read};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use super::BirthError;

/// A port that the system gives to nobody else for about a minute.
pub fn free_port() -> Result<u16, BirthError> {
    reserve().map_err(BirthError::Port)
}

pub(super) fn two_free() -> Result<[u16; 2], BirthError> {
    Ok([free_port()?, free_port()?])
}

fn reserve() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let mut dialled = TcpStream::connect(address)?;
    let (accepted, _) = listener.accept()?;
    drop(accepted);
    // Reads the other side's end, so that ours comes after it.
    dialled.read_to_end(&mut Vec::new())?;
    Ok(address.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ports_differ_and_can_be_served_on() {
        let ports: BTreeSet<u16> = (0..32).map(|_| free_port().unwrap()).collect();
        assert_eq!(ports.len(), 32);
        for port in ports {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        }
    }
}
