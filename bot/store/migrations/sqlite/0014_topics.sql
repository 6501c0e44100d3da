-- Which topic of a place belongs to which incident, so that all of one stands together. A row
-- without a stream says that the place has none.
CREATE TABLE topics (
  seat TEXT NOT NULL,
  stream TEXT NOT NULL,
  channel TEXT,
  within TEXT,
  state TEXT,
  times INTEGER,
  at INTEGER,
  body TEXT,
  PRIMARY KEY (seat, stream)
) STRICT;
CREATE INDEX topics_within ON topics (seat, within);
CREATE INDEX topics_stream ON topics (stream);
CREATE INDEX topics_state ON topics (state);
