from django.db import migrations

# The application may insert scans and nothing else. This function forgets for it, but nothing younger than 30 days.
FORGET = """
CREATE OR REPLACE FUNCTION gatepass_forget(court int, before timestamptz) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE gone bigint;
BEGIN
    IF before > now() - interval '30 days' THEN
        RAISE EXCEPTION 'scans younger than 30 days are kept';
    END IF;
    IF court IS DISTINCT FROM nullif(current_setting('app.court', true), '')::int THEN
        RAISE EXCEPTION 'a court forgets for itself only';
    END IF;
    DELETE FROM public.gatepass_lawyerscan WHERE court_id = court AND at < before;
    DELETE FROM public.gatepass_slip WHERE court_id = court AND issued_at < before;
    DELETE FROM public.gatepass_holder WHERE court_id = court AND seen_at < before;
    DELETE FROM public.gatepass_scan WHERE court_id = court AND at < before;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
REVOKE ALL ON FUNCTION gatepass_forget(int, timestamptz) FROM PUBLIC;
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lutong_app') THEN
        GRANT EXECUTE ON FUNCTION gatepass_forget(int, timestamptz) TO lutong_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gatepass", "0001_initial")]

    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION gatepass_forget(int, timestamptz)")]
