"""What the embedded PostgreSQL is told: durability first, two cores, and no personal data in its log."""

from pathlib import Path

import psutil

from lutong.site.embedded.places import PORT

CLIENT_RULES = """# written at each start; passwords for everyone, also on the socket
local all all scram-sha-256
"""


def server_configuration(sockets: Path) -> str:
    """Answer postgresql.conf. A file local.conf beside it wins, for operators.

    DETAIL lines and failed statements hold names and ID numbers, so neither is logged.
    """
    memory = psutil.virtual_memory().total // 2**20
    shared = min(max(memory // 16, 128), 1024)
    lines = {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": str(sockets).replace("'", "''"),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": 80,
        "superuser_reserved_connections": 3,
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "10min",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": 1.1,
        "max_worker_processes": 8,
        "max_parallel_workers_per_gather": 0,
        "jit": "off",
        "idle_in_transaction_session_timeout": "5min",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "datestyle": "iso, ymd",
        "lc_messages": "C",
        "default_text_search_config": "pg_catalog.simple",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_checkpoints": "off",
        "track_io_timing": "on",
    }
    settings = "\n".join(f"{name} = '{value}'" for name, value in lines.items())
    return f"# written at each start; your own settings: local.conf\n{settings}\ninclude_if_exists = 'local.conf'\n"
