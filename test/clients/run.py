"""Runs each file in a process of its own, where await may stand at the top as in a notebook, and writes what it prints,
warnings, and the error it ends with to <file>.out."""
import ast
import asyncio
import contextlib
import inspect
import os
import sys
import warnings

import pandas  # noqa: F401, once for all
import psycopg2


def told(error):
    """SQLSTATE and first line of an error of any of the drivers."""
    error = getattr(error, 'orig', error) or error  # SQLAlchemy has the driver's
    state = getattr(error, 'sqlstate', None) or getattr(error, 'pgcode', None)
    text = str(error)
    if type(error).__module__ == 'pyodbc':
        state, text = sorted(error.args, key=len)  # in either order
        text = text.split('ERROR: ')[-1]
    return f'{state or type(error).__name__} {text.splitlines()[0]}'


async def run(file):
    with open(file) as source:
        code = compile(source.read(), file, 'exec', ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    warnings.simplefilter('always')
    warnings.simplefilter('ignore', ResourceWarning)  # connections stay open until the end
    warnings.filterwarnings('ignore', 'Deprecated API')
    warnings.showwarning = lambda message, category, *_: print(f'{category.__name__}: {message}')
    with open(file + '.out', 'w') as out, contextlib.redirect_stdout(out):
        try:
            result = eval(code, {})
            if inspect.isawaitable(result):
                await result
        except Exception as error:
            print(told(error))


def main():
    for file in sys.argv[1:]:
        with contextlib.closing(psycopg2.connect('')) as connection, connection, connection.cursor() as cursor:
            cursor.execute('DROP TABLE IF EXISTS copied')  # by a file before
        child = os.fork()
        if child == 0:
            asyncio.run(run(file))
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(f'{file} did not end well')


main()
