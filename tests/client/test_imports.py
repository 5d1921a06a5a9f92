import subprocess
import sys

UNWANTED = "{'httpx2', 'pydantic', 'fastapi', 'starlette', 'sqlalchemy'}"


def test_importing_the_client_brings_no_http_library_along() -> None:
    program = f"import sys, qgjob.client; print({UNWANTED} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
