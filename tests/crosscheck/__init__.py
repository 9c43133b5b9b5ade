"""The catalogue beside the libraries: run in an environment of its own by ``nox -s crosscheck``.

``python -m tests.crosscheck --key KEY`` measures each library in a process of its own and writes
``build/crosscheck.json``:

``key``
    What the caller said, to know a stale file by.
``versions``
    Library to version: numpy, scipy, tensorflow, keras, torch, jax, onnx, transformers.
``failures``
    Words for everything that did not agree; the program then ends with status 1.
``snippets``
    Entry → framework (a key of ``actdocs.snippets.FRAMEWORKS``) →
    ``own`` (a function of the library), ``opset`` (ONNX alone), ``operators`` (ONNX alone: name → ``since``, the opset
    that brought the operator, and ``changed``, the newest that changed it), ``value_error`` and ``gradient_error``: the
    largest distance from the catalogue in float32, relative where the catalogue's number is above 1; None where the
    framework gives no gradient. ``known``, where the library itself is farther off than rounding explains: a list of
    ``what`` (value or gradient), ``dtype``, ``x``, ``gave``, ``true``, ``reason``.
``accuracy``
    One row a function, library and dtype: ``entry``, ``library`` (a key of ``versions``), ``name``, ``dtype``,
    ``points``; ``ulps``, ``x``, ``gave``, ``true``: the largest error in units in the last place and where it is;
    ``normal``: the same four among results that are not below the smallest normal number, where a flush to zero
    does not count. Infinity stands for NaN or infinity where neither is right.
``accuracy_curves``
    Entry → library → ``x`` and ``ulps``: the largest float32 error in narrow windows along x.
``kinks``
    One row a function and kink: ``entry``, ``library``, ``name``, ``x``; ``gradient`` by the library's own
    differentiation, ``catalogue``, and the limits ``left`` and ``right``.
``defaults``
    One row a keyword: ``entry``, ``parameter`` (the catalogue's name for it, else the keyword), ``library``, ``name``,
    ``keyword``, ``default`` (None where the keyword is missing or ``required`` is true), ``required``.
``calls``
    One row a function: ``entry``, ``library``, ``name``, ``x`` and ``y``: what it gives with nothing but ``x``.
``models``
    ``version`` of transformers, ``configurations`` read; ``counts``: entry, or word where no entry is the same, to the
    model types whose configuration asks for it; ``words``: word → ``entry``, ``parameters`` and ``models``.
"""
