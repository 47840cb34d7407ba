//! From submission to acknowledgement: validate, decide, label, append; quarantine.
