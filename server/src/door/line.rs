//! A connection whose bytes are counted and that ends when nothing has moved for too long.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::limits::places::Place;
use crate::metrics::Metrics;

/// A connection with its place among all.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    up: Counter,
    down: Counter,
    stall: Duration,
    /// When bytes last moved, either way.
    moved: Instant,
    /// Looks when it is time, and not with every byte.
    look: Pin<Box<Sleep>>,
    /// Free again when the connection is gone.
    _place: Place<IpAddr>,
}

impl Line {
    /// Watches over a connection.
    pub fn new(stream: TcpStream, place: Place<IpAddr>, metrics: &Metrics, stall: Duration) -> Self {
        let moved = Instant::now();
        let look = Box::pin(sleep_until(moved + stall));
        Self { stream, up: metrics.up.clone(), down: metrics.down.clone(), stall, moved, look, _place: place }
    }

    /// Fails where nothing has moved for too long; otherwise whoever waits is woken when it is time to look again.
    fn patience(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while self.look.as_mut().poll(context).is_ready() {
            let until = self.moved + self.stall;
            if until <= Instant::now() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.look.as_mut().reset(until);
        }
        Ok(())
    }

    /// Counts what was written, or waits with patience.
    fn written(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(count)) => {
                self.moved = Instant::now();
                self.down.inc_by(count as u64);
                Poll::Ready(Ok(count))
            }
            Poll::Ready(failed) => Poll::Ready(failed),
            Poll::Pending => {
                self.patience(context)?;
                Poll::Pending
            }
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(context, buffer) else {
            self.patience(context)?;
            return Poll::Pending;
        };
        self.moved = Instant::now();
        self.up.inc_by((buffer.filled().len() - before) as u64);
        Poll::Ready(read)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
