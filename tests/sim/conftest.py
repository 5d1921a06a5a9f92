from tests.service.conftest import farm

__all__ = ["farm"]
