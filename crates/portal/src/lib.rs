//! gRPC faces to systems, departments, operators: carries, decides nothing.
