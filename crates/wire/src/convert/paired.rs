//! Fields that a message and the domain call the same: reading and writing from one list of names.
//!
//! What is named here once is read and written alike, so a round trip cannot lose it; a field of the
//! message that no list names shows as one that a round trip lost.

/// Declares `fn $read(message, &mut domain)` and `fn $write(&domain) -> message`. A list that ends in
/// `; ..` leaves fields to its caller.
macro_rules! paired {
    ($read:ident, $write:ident, $Message:ident, $Domain:ty: $($field:ident),+ $(; $rest:tt)?) => {
        fn $read(message: $crate::v1::$Message, into: &mut $Domain) {
            $( into.$field = message.$field; )+
        }

        fn $write(from: &$Domain) -> $crate::v1::$Message {
            $crate::v1::$Message {
                $( $field: Clone::clone(&from.$field), )+
                $( $rest Default::default() )?
            }
        }
    };
}
pub(super) use paired;
