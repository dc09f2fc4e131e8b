BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	what VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	arguments TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE feed_identity (
	topic_id VARCHAR(64) NOT NULL, 
	epoch VARCHAR(16) NOT NULL, 
	created_at BIGINT NOT NULL, 
	PRIMARY KEY (topic_id)
);
INSERT INTO "feed_identity" VALUES('AAAAAAAAAAAAAAAAAAAAAA','d9cc4b94',1795338786192);
CREATE TABLE inbound_id (
	source VARCHAR(64) NOT NULL, 
	webhook_id VARCHAR(256) NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (source, webhook_id)
);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE INDEX inbound_id_at ON inbound_id (at);
COMMIT;
PRAGMA user_version=0;
