-- What code of each instance declares, of each collection that it has registered.
CREATE TABLE code_declaration (
    instance    TEXT NOT NULL,
    collection  TEXT NOT NULL,
    declaration TEXT NOT NULL,
    PRIMARY KEY (instance, collection)
);

CREATE INDEX code_declaration_by_collection ON code_declaration (collection);
