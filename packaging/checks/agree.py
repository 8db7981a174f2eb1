#!/usr/bin/env python3
"""Do the files agree that say the same of a release? Fails with what does not.

The version stands in health_score.control, as two numbers, and as three in META.json, debian/changelog and the RPM spec;
CHANGELOG.md begins with it. META.json has what PGXN's Meta Spec 1.0.0 wants, and names files that are there. The licence is the
same everywhere, and docs/licenses.md has every dependency of package.json files and of test/*/packages, with a licence for
all that the lock files hold.
"""
import json
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
wrong = []


def check(right, complaint):
    if not right:
        wrong.append(complaint)


def text(path):
    return (root / path).read_text()


def found(pattern, path):
    match = re.search(pattern, text(path), re.MULTILINE)
    return match[1] if match else f'none in {path}'


def words(value):
    return ' '.join(value.split())


def versions(meta):
    version = found(r"^default_version = '(.*)'", 'health_score.control')
    check(re.fullmatch(rf'{re.escape(version)}\.\d+', meta['version']), f"META.json: {meta['version']} is not {version}.x")
    for path, pattern in [('debian/changelog', r'\Ahealth-score \((.*)-\d+\)'), ('packaging/health_score.spec', r'^Version: +(.*)'),
                          ('packaging/health_score.spec', r'%changelog\n.* - (.*)-\d+$')]:
        check(found(pattern, path) == meta['version'], f"{path}: {found(pattern, path)}, but META.json: {meta['version']}")
    check(found(r'^## (\S+)', 'CHANGELOG.md') == version, f'CHANGELOG.md does not begin with {version}')


def pgxn(meta):
    for key in ('name', 'abstract', 'maintainer', 'license', 'provides', 'version', 'meta-spec'):
        check(meta.get(key), f'META.json: no {key}')
    check(meta['meta-spec'].get('version') == '1.0.0', 'META.json: meta-spec is not 1.0.0')
    check(meta.get('release_status') in ('stable', 'testing', 'unstable'), 'META.json: no such release_status')
    check(re.fullmatch(r'[^\s/\\]{2,}', meta['name']), 'META.json: name')
    check(all(re.fullmatch(r'[^/\\]{2,255}', tag) for tag in meta.get('tags', [])), 'META.json: tags')
    for name, extension in meta['provides'].items():
        check(extension.get('version') == meta['version'], f'META.json: the version of {name}')
        for key in ('file', 'docfile'):
            check((root / extension.get(key, 'none')).is_file(), f'META.json: the {key} of {name} is not there')
    for phase in meta.get('prereqs', {}).values():
        for version in phase.get('requires', {}).values():
            check(re.fullmatch(r'\d+\.\d+\.\d+', str(version)), f'META.json: {version} has not three numbers')


def licences(meta):
    check(meta['license'] == 'postgresql', 'META.json: license')
    check(found(r'^License: +(.*)', 'packaging/health_score.spec') == 'PostgreSQL', 'the RPM spec: License')
    debian = re.sub(r'^ \.?', '', text('debian/copyright').rpartition('License: PostgreSQL')[2], flags=re.MULTILINE)
    copyright, _, licence = text('LICENSE').partition('\n')
    check(words(debian) == words(licence), 'debian/copyright: the licence is not LICENSE')
    year, who = re.fullmatch(r'Copyright \(c\) (.*), (.*)', copyright).groups()
    check(found('^Copyright: (.*)', 'debian/copyright') == f'{year} {who}', 'debian/copyright: Copyright is not that of LICENSE')


def dependencies():
    told = re.findall(r'\| `(.*)` \| (Debian|npm): (.*) \|', text('docs/licenses.md'))
    from_npm = {name for _, source, names in told if source == 'npm' for name in names.split(', ')}
    from_debian = {name for _, source, names in told if source == 'Debian' for name in names.split(', ')}
    allowed = {licence for licence, _, _ in told} | set(re.findall(r'`([\w.-]+)`', text('docs/licenses.md').rpartition('##')[2]))
    needed = set()
    for path in root.glob('test/*/packages'):
        for name in path.read_text().split():
            check(name in from_debian, f'docs/licenses.md: no {name} of {path.relative_to(root)}')
    for lock in [lock for part in ('bench', 'examples', 'packaging', 'test') for lock in (root / part).glob('**/package-lock.json')
                 if 'node_modules' not in lock.parts]:
        here = lock.relative_to(root)
        packages = json.loads(lock.read_text())['packages']
        for name, version in {**packages[''].get('dependencies', {}), **packages[''].get('devDependencies', {})}.items():
            needed.add(name)
            check(re.fullmatch(r'\d[\w.-]*', version), f'{here}: {name} {version} is not one version')
        for path, package in packages.items():
            check(package.get('license') in allowed | {'PostgreSQL'}, f"{here}: docs/licenses.md has no {package.get('license')}")
            check(not path or package.get('integrity'), f'{here}: {path} has no checksum')
            check('resolved' not in package, f'{here}: {path} names a registry')
    check(needed == from_npm, f'docs/licenses.md and the package.json files differ in {sorted(needed ^ from_npm)}')


meta = json.loads(text('META.json'))
versions(meta)
pgxn(meta)
licences(meta)
dependencies()
sys.exit('\n'.join(wrong) or None)
