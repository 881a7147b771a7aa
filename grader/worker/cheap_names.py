"""The callables that construct values: functions by module, methods by the kind of value."""

from __future__ import annotations

import numpy as np

CALLABLES = {
    "builtins": """int float complex bool str tuple list dict set frozenset range len zip enumerate
        reversed sorted min max sum abs round map filter ord chr repr divmod slice iter next any
        all isinstance issubclass callable hasattr getattr object property staticmethod
        classmethod""",
    "numpy": """array asarray asanyarray ascontiguousarray zeros ones empty full eye identity
        arange linspace zeros_like ones_like empty_like full_like concatenate stack hstack vstack
        column_stack reshape ravel transpose squeeze expand_dims atleast_2d sum prod mean max min
        amax amin cumsum clip round where dtype finfo iinfo vectorize frompyfunc copyto""",
    "math": """sqrt exp log log2 log10 log1p expm1 sin cos tan tanh sinh cosh atan atan2 floor ceil
        fabs isfinite isnan radians degrees hypot""",
    "operator": "itemgetter attrgetter methodcaller",
    "functools": "partial partialmethod lru_cache cache cmp_to_key",
    "itertools": """chain product zip_longest islice count cycle repeat permutations combinations
        pairwise""",
    "collections": "namedtuple OrderedDict defaultdict Counter deque ChainMap",
    "types": "SimpleNamespace MappingProxyType",
    "typing": "NamedTuple TypeVar NewType",
    "dataclasses": "field make_dataclass",
    "fractions": "Fraction",
    "decimal": "Decimal",
    "pathlib": "Path PurePath",
    "re": "compile",
    "json": "loads",
    "string": "Template",
    "logging": "getLogger",
    "copy": "copy deepcopy",
}
_METHOD_NAMES: dict[type, str] = {
    str: """split rsplit splitlines strip lstrip rstrip lower upper title capitalize casefold
        swapcase join replace format startswith endswith removeprefix removesuffix partition
        rpartition count find index isalpha isdigit""",
    list: "append extend insert copy index count reverse pop remove clear sort",
    tuple: "index count",
    dict: "keys values items get copy update setdefault pop clear",
    set: "add update union intersection difference copy issubset discard remove clear",
    frozenset: "union intersection difference copy issubset",
    np.ndarray: """reshape astype copy tolist sum mean max min transpose ravel flatten item
        squeeze round any all argmax argmin fill sort put""",
}
METHODS = {kind: frozenset(names.split()) for kind, names in _METHOD_NAMES.items()}
