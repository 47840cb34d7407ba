//! How the house speaks: logs, spans, metric names, status board.
