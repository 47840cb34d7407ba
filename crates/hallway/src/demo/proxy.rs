//! A line between two halls that can be cut: a TCP proxy on loopback.
//!
//! It stands where the network would and knows nothing of TLS or frames; the peer's identity is
//! pinned by its certificate, so a proxy may stand in between. A cut drops every connection and each
//! new one at once. The port stays bound meanwhile, because another process could take it.
//!
//! Deliberately absent: stalls, delays, throttles and flipped bits. The test harness has a proxy for
//! those; the demonstration shows what everybody knows from a digger: the line is gone.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// The line; it ends when dropped.
#[derive(Debug)]
pub(super) struct Proxy {
    address: SocketAddr,
    cut: watch::Sender<bool>,
    _stop: DropGuard,
}

impl Proxy {
    /// Listens on a free port of loopback and carries to `upstream`.
    pub(super) async fn start(upstream: SocketAddr, tasks: &TaskTracker) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (cut, seen) = watch::channel(false);
        let stop = CancellationToken::new();
        let line = Line { upstream, cut: seen, stop: stop.clone() };
        tasks.spawn(line.accept(listener, tasks.clone()));
        Ok(Self { address, cut, _stop: stop.drop_guard() })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts the line.
    pub(super) fn cut(&self) {
        self.cut.send_replace(true);
    }

    /// Mends it.
    pub(super) fn mend(&self) {
        self.cut.send_replace(false);
    }
}

#[derive(Clone)]
struct Line {
    upstream: SocketAddr,
    cut: watch::Receiver<bool>,
    stop: CancellationToken,
}

impl Line {
    async fn accept(self, listener: TcpListener, tasks: TaskTracker) {
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            // A connection that broke before it was taken is the dialler's to try again.
            let Ok((near, _)) = accepted else { continue };
            if !*self.cut.borrow() {
                tasks.spawn(self.clone().carry(near));
            }
        }
    }

    /// One connection, until either side closes or the line is cut.
    async fn carry(mut self, mut near: TcpStream) {
        let Ok(mut far) = TcpStream::connect(self.upstream).await else { return };
        if near.set_nodelay(true).and(far.set_nodelay(true)).is_err() {
            return;
        }
        tokio::select! {
            () = self.stop.cancelled() => {}
            _ = self.cut.wait_for(|cut| *cut) => {}
            // How it ended is for the two ends to notice.
            _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Says hello through the line; what came back.
    async fn echo(address: SocketAddr) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"hello").await?;
        stream.shutdown().await?;
        let mut back = Vec::new();
        stream.read_to_end(&mut back).await?;
        Ok(back)
    }

    #[tokio::test]
    async fn a_cut_drops_what_is_open_and_what_comes_until_it_is_mended() {
        let tasks = TaskTracker::new();
        let upstream = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let proxy = Proxy::start(upstream.local_addr().unwrap(), &tasks).await.unwrap();
        tasks.spawn(async move {
            while let Ok((mut stream, _)) = upstream.accept().await {
                let mut said = Vec::new();
                if stream.read_to_end(&mut said).await.is_ok() {
                    drop(stream.write_all(&said).await);
                }
            }
        });
        assert_eq!(echo(proxy.address()).await.unwrap(), b"hello");

        let mut open = TcpStream::connect(proxy.address()).await.unwrap();
        open.write_all(b"half").await.unwrap();
        proxy.cut();
        let mut back = Vec::new();
        drop(open.read_to_end(&mut back).await); // an end or a reset, and nothing before it
        assert!(back.is_empty());
        assert!(echo(proxy.address()).await.map_or(true, |back| back.is_empty()));

        proxy.mend();
        assert_eq!(echo(proxy.address()).await.unwrap(), b"hello");
    }
}
