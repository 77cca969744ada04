BEGIN TRANSACTION;
CREATE TABLE alarms (
    id INTEGER PRIMARY KEY, probe TEXT NOT NULL, boot TEXT NOT NULL, trunk TEXT NOT NULL, alarm TEXT NOT NULL,
    raised_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, kind TEXT NOT NULL, members TEXT NOT NULL,
    score INTEGER NOT NULL, reasons TEXT NOT NULL,
    UNIQUE (probe, boot, trunk, alarm)
) STRICT;
INSERT INTO "alarms" VALUES(1,'demo-a','9f0c41d2a7b3e658','beijing-7','a1',1772380812345,1772380812345,1796012245897,'simbank','13812345678;+8613900001111;13600003333',9500,'pool.turn-order');
CREATE TABLE boots (
    probe TEXT NOT NULL, boot TEXT NOT NULL,
    ack INTEGER NOT NULL,                       -- every sequence number up to this one is stored
    mono_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
    PRIMARY KEY (probe, boot)
) STRICT, WITHOUT ROWID;
INSERT INTO "boots" VALUES('demo-a','0000000000000000',1,735012,1772380812345,1796012245905);
INSERT INTO "boots" VALUES('demo-a','9f0c41d2a7b3e658',13,735012,1772380812345,1796012245897);
CREATE TABLE call_counts (label TEXT, action TEXT, n INTEGER NOT NULL, PRIMARY KEY (label, action)) STRICT, WITHOUT ROWID;
INSERT INTO "call_counts" VALUES('','',1);
INSERT INTO "call_counts" VALUES('legit','allow',1);
INSERT INTO "call_counts" VALUES('simbank','block',3);
INSERT INTO "call_counts" VALUES('spoof','label',0);
CREATE TABLE calls (
    id INTEGER PRIMARY KEY, probe TEXT NOT NULL, boot TEXT NOT NULL, trunk TEXT NOT NULL, line TEXT NOT NULL, call INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, decided_ms INTEGER NOT NULL DEFAULT 0, direction TEXT NOT NULL DEFAULT '', calling TEXT NOT NULL DEFAULT '',
    presentation TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', called TEXT NOT NULL DEFAULT '', channel TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '', score INTEGER NOT NULL DEFAULT 0, action TEXT NOT NULL DEFAULT '', shadow INTEGER NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '',
    ended_ms INTEGER NOT NULL DEFAULT 0, final_label TEXT NOT NULL DEFAULT '', rings INTEGER NOT NULL DEFAULT 0,
    ring_ms INTEGER NOT NULL DEFAULT 0, answered_ms INTEGER NOT NULL DEFAULT -1, outcome TEXT NOT NULL DEFAULT '',
    number_kind TEXT NOT NULL DEFAULT '', country TEXT NOT NULL DEFAULT '', holder TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '',
    UNIQUE (probe, boot, trunk, line, call)
) STRICT;
INSERT INTO "calls" VALUES(1,'demo-a','9f0c41d2a7b3e658','beijing-7','L01',1,1772380809345,1772380810345,'in','13812345678','shown','','01062345601','','simbank',9731,'block',0,'pool.turn-order','2026-03-01',1772380812345,'simbank',1,1000,-1,'stopped','mobile','CN','中国移动','');
INSERT INTO "calls" VALUES(2,'demo-a','9f0c41d2a7b3e658','beijing-7','L01',2,1772380809345,1772380810345,'in','+8613900001111','shown','','01062345601','','simbank',9731,'block',0,'pool.turn-order','2026-03-01',0,'',0,0,-1,'','mobile','CN','中国移动','');
INSERT INTO "calls" VALUES(3,'demo-a','9f0c41d2a7b3e658','beijing-7','L01',3,1772380809345,1772380810345,'in','','withheld','','','','legit',9731,'allow',0,'pool.turn-order','2026-03-01',0,'',0,0,-1,'','mobile','CN','中国移动','');
INSERT INTO "calls" VALUES(4,'demo-a','9f0c41d2a7b3e658','beijing-7','L01',4,1772380809345,0,'','','','','','','',0,'',0,'','',1772380812345,'simbank',1,1000,-1,'stopped','','','','');
INSERT INTO "calls" VALUES(5,'demo-a','0000000000000000','beijing-7','L01',1,1772380809345,1772380810345,'in','110','shown','','01062345601','','simbank',9731,'block',0,'pool.turn-order','2026-03-01',0,'',0,0,-1,'','mobile','CN','中国移动','');
CREATE TABLE probes (
    probe TEXT PRIMARY KEY, key BLOB NOT NULL, enrolled_ms INTEGER NOT NULL,
    last_batch_ms INTEGER NOT NULL DEFAULT 0,   -- any batch taken, be there news in it or not
    last_useful_ms INTEGER NOT NULL DEFAULT 0,  -- a batch that brought records
    dropped INTEGER NOT NULL DEFAULT 0, dropped_alerts INTEGER NOT NULL DEFAULT 0, last_drop_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "probes" VALUES('demo-a',X'0000000000000000000000000000000000000000000000000000000000000000',1796012245805,1796012245905,1796012245905,3,2,1796012245897);
CREATE TABLE record_counts (kind TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "record_counts" VALUES('alarm',2);
INSERT INTO "record_counts" VALUES('alert',4);
INSERT INTO "record_counts" VALUES('call',1);
INSERT INTO "record_counts" VALUES('drop',1);
INSERT INTO "record_counts" VALUES('end',2);
INSERT INTO "record_counts" VALUES('health',1);
INSERT INTO "record_counts" VALUES('unknown',1);
CREATE TABLE records (
    id INTEGER PRIMARY KEY, probe TEXT NOT NULL, boot TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,
    received_ms INTEGER NOT NULL, body TEXT NOT NULL,
    call_id INTEGER, alarm_id INTEGER           -- the row of `calls` or `alarms` that it changed
) STRICT;
INSERT INTO "records" VALUES(1,'demo-a','9f0c41d2a7b3e658',1,'alert',1796012245870,'{"k": "alert", "trunk": "beijing-7", "line": "L01", "call": 1, "at_ms": 1772380809345, "decided_ms": 1772380810345, "direction": "in", "calling": "13812345678", "presentation": "shown", "name": "", "number_kind": "mobile", "country": "CN", "holder": "\u4e2d\u56fd\u79fb\u52a8", "place": "", "called": "01062345601", "channel": "", "label": "simbank", "score": 9731, "action": "block", "shadow": false, "reasons": ["pool.turn-order"], "model": "2026-03-01"}',1,NULL);
INSERT INTO "records" VALUES(2,'demo-a','9f0c41d2a7b3e658',2,'alert',1796012245870,'{"k": "alert", "trunk": "beijing-7", "line": "L01", "call": 2, "at_ms": 1772380809345, "decided_ms": 1772380810345, "direction": "in", "calling": "+8613900001111", "presentation": "shown", "name": "\u5f20\u4e09", "number_kind": "mobile", "country": "CN", "holder": "\u4e2d\u56fd\u79fb\u52a8", "place": "", "called": "01062345602", "channel": "", "label": "spoof", "score": 9731, "action": "label", "shadow": false, "reasons": ["pool.turn-order"], "model": "2026-03-01"}',2,NULL);
INSERT INTO "records" VALUES(3,'demo-a','9f0c41d2a7b3e658',3,'end',1796012245870,'{"k": "end", "trunk": "beijing-7", "line": "L01", "call": 1, "at_ms": 1772380809345, "ended_ms": 1772380812345, "final_label": "simbank", "rings": 1, "ring_ms": 1000, "answered_ms": -1, "outcome": "stopped"}',1,NULL);
INSERT INTO "records" VALUES(4,'demo-a','9f0c41d2a7b3e658',4,'call',1796012245870,'{"k": "call", "trunk": "beijing-7", "line": "L01", "call": 3, "at_ms": 1772380809345, "decided_ms": 1772380810345, "direction": "in", "calling": "", "presentation": "withheld", "name": "", "number_kind": "mobile", "country": "CN", "holder": "\u4e2d\u56fd\u79fb\u52a8", "place": "", "called": "", "channel": "", "label": "legit", "score": 9731, "action": "allow", "shadow": false, "reasons": ["pool.turn-order"], "model": "2026-03-01"}',3,NULL);
INSERT INTO "records" VALUES(5,'demo-a','9f0c41d2a7b3e658',5,'alarm',1796012245889,'{"k": "alarm", "trunk": "beijing-7", "alarm": "a1", "at_ms": 1772380812345, "kind": "simbank", "members": ["13812345678", "+8613900001111"], "score": 9000, "reasons": ["pool.turn-order"]}',NULL,1);
INSERT INTO "records" VALUES(6,'demo-a','9f0c41d2a7b3e658',6,'unknown',1796012245889,'{"k": "weather", "sun": true, "number": "13700002222"}',NULL,NULL);
INSERT INTO "records" VALUES(7,'demo-a','9f0c41d2a7b3e658',7,'health',1796012245889,'{"k": "health", "line": "L01", "at_ms": 1, "what": "port-busy", "detail": "x"}',NULL,NULL);
INSERT INTO "records" VALUES(8,'demo-a','9f0c41d2a7b3e658',8,'drop',1796012245897,'{"k": "drop", "n": 3, "alerts": 2, "why": "full"}',NULL,NULL);
INSERT INTO "records" VALUES(9,'demo-a','9f0c41d2a7b3e658',11,'end',1796012245897,'{"k": "end", "trunk": "beijing-7", "line": "L01", "call": 4, "at_ms": 1772380809345, "ended_ms": 1772380812345, "final_label": "simbank", "rings": 1, "ring_ms": 1000, "answered_ms": -1, "outcome": "stopped"}',4,NULL);
INSERT INTO "records" VALUES(10,'demo-a','9f0c41d2a7b3e658',12,'alarm',1796012245897,'{"k": "alarm", "trunk": "beijing-7", "alarm": "a1", "at_ms": 1772380812345, "kind": "simbank", "members": ["13812345678", "13600003333"], "score": 9500, "reasons": ["pool.turn-order"]}',NULL,1);
INSERT INTO "records" VALUES(11,'demo-a','9f0c41d2a7b3e658',13,'alert',1796012245897,'{"k": "alert", "trunk": "beijing-7", "line": "L01", "call": 2, "at_ms": 1772380809345, "decided_ms": 1772380810345, "direction": "in", "calling": "+8613900001111", "presentation": "shown", "name": "", "number_kind": "mobile", "country": "CN", "holder": "\u4e2d\u56fd\u79fb\u52a8", "place": "", "called": "01062345601", "channel": "", "label": "simbank", "score": 9731, "action": "block", "shadow": false, "reasons": ["pool.turn-order"], "model": "2026-03-01"}',2,NULL);
INSERT INTO "records" VALUES(12,'demo-a','0000000000000000',1,'alert',1796012245905,'{"k": "alert", "trunk": "beijing-7", "line": "L01", "call": 1, "at_ms": 1772380809345, "decided_ms": 1772380810345, "direction": "in", "calling": "110", "presentation": "shown", "name": "", "number_kind": "mobile", "country": "CN", "holder": "\u4e2d\u56fd\u79fb\u52a8", "place": "", "called": "01062345601", "channel": "", "label": "simbank", "score": 9731, "action": "block", "shadow": false, "reasons": ["pool.turn-order"], "model": "2026-03-01"}',5,NULL);
CREATE INDEX records_by_time ON records (received_ms);
CREATE INDEX calls_by_label ON calls (label);
CREATE INDEX calls_by_action ON calls (action);
CREATE TRIGGER record_counted AFTER INSERT ON records BEGIN
    INSERT INTO record_counts VALUES (new.kind, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER call_counted AFTER INSERT ON calls BEGIN
    INSERT INTO call_counts VALUES (new.label, new.action, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER call_decided_again AFTER UPDATE OF label, action ON calls
WHEN (old.label, old.action) IS NOT (new.label, new.action) BEGIN
    UPDATE call_counts SET n = n - 1 WHERE label = old.label AND action = old.action;
    INSERT INTO call_counts VALUES (new.label, new.action, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
COMMIT;
PRAGMA user_version = 2;
