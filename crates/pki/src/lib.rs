//! Who is on the other end: certificates, rustls configs, reload, CRL, listener, connector.
