"""Who made an edit and where: written once, like the edit itself."""

from django.db import connection

# django-pghistory's own function writes over what an earlier request said of itself, if a session
# takes that request's number. Here only the transaction that wrote it may complete it, as signing
# in does; a later one that says something else under the same number gets a row of its own.
FUNCTION = """
    CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE AS $$
        DECLARE
            this UUID := NULLIF(CURRENT_SETTING('pghistory.context_id', TRUE), '')::UUID;
            says JSONB := NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::JSONB;
        BEGIN
            IF this IS NULL OR says IS NULL THEN
                RETURN NULL;
            END IF;
            INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
                VALUES (this, says, NOW(), NOW())
                ON CONFLICT (id) DO UPDATE
                    SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
                    WHERE pghistory_context.created_at = NOW()
                        AND pghistory_context.metadata != EXCLUDED.metadata;
            IF NOT EXISTS (
                SELECT 1 FROM pghistory_context WHERE id = this AND metadata = says
            ) THEN
                this := gen_random_uuid();
                INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
                    VALUES (this, says, NOW(), NOW());
            END IF;
            RETURN this;
        END;
    $$ LANGUAGE plpgsql;
"""


def keep_as_written() -> None:
    """As the owner: let nobody write over it. It takes the place of a migration's of pghistory."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION)
