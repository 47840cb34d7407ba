//! The deadline of a call: who has no answer by then is told so by the name of the limit.
//!
//! It counts until a call has its answer's head: a unary call to its end, a stream until it flows. A
//! caller that begins a message and never ends it holds a place no longer than this. The timeout that
//! tonic brings would answer without a name and with another code.
//!
//! Absent on purpose: the caller's own `grpc-timeout`, which tonic keeps.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use record::Class;
use tonic::codegen::http::Response;
use tower::{Layer, Service};
use wire::status::Failure;

/// Puts the deadline around the services of a face.
#[derive(Clone, Copy, Debug)]
pub struct DeadlineLayer(pub Duration);

/// Services under a deadline.
#[derive(Clone, Debug)]
pub struct Deadline<S> {
    inner: S,
    after: Duration,
}

impl<S> Layer<S> for DeadlineLayer {
    type Service = Deadline<S>;

    fn layer(&self, inner: S) -> Deadline<S> {
        Deadline { inner, after: self.0 }
    }
}

impl<S, Request, Body> Service<Request> for Deadline<S>
where
    S: Service<Request, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: 'static,
    Body: Default + Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (answer, after) = (self.inner.call(request), self.after);
        Box::pin(async move {
            match tokio::time::timeout(after, answer).await {
                Ok(answer) => answer,
                Err(_) => Ok(late(after).status().into_http()),
            }
        })
    }
}

fn late(after: Duration) -> Failure {
    let seconds = after.as_secs();
    Failure::new(
        Class::Deadline,
        "limit-reached",
        format!("limit deadline_seconds is reached: no answer within {seconds} s"),
    )
    .in_chinese(format!("超过时限 deadline_seconds：{seconds} 秒内没有结果"))
    .with("limit", "deadline_seconds")
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_is_late_is_told_the_name_of_the_limit() {
        let services = tower::service_fn(|answers: bool| async move {
            if !answers {
                std::future::pending::<()>().await;
            }
            Ok::<_, std::convert::Infallible>(Response::new(String::new()))
        });
        let mut service = DeadlineLayer(Duration::from_secs(2)).layer(services);
        assert!(service.call(true).await.unwrap().headers().is_empty());
        let late = service.call(false).await.unwrap();
        let status = Status::from_header_map(late.headers()).unwrap();
        assert_eq!(status.code(), Code::DeadlineExceeded);
        assert!(status.message().contains("deadline_seconds") && !status.details().is_empty());
    }
}
