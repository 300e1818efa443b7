-- Passwords whose hashes werkzeug made, until their people log in: which there are decides what every login costs.

CREATE INDEX users_by_brought_hash ON users (password_hash) WHERE password_hash >= '$werkzeug$' AND password_hash < '$werkzeug%';
