#!/usr/bin/env python3
"""Do the files agree that say the same of a release? Fails with what does not.

The version stands in health_score.control, as two numbers, and as three in META.json, debian/changelog and the RPM spec;
CHANGELOG.md begins with it. META.json has what PGXN's Meta Spec 1.0.0 wants, and names files that are there. The license is the
same everywhere. docs/licenses.md has every dependency of the package.json files, of test/*/packages and of the scripts, and
every license that the lock files hold.
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
    three = meta['version']
    check(re.fullmatch(rf'{re.escape(version)}\.\d+', three), f'META.json: {three} is not {version}.x')
    for path, pattern in [('debian/changelog', r'\Ahealth-score \((.*)-\d+\)'),
                          ('packaging/health_score.spec', r'^Version: +(.*)'),
                          ('packaging/health_score.spec', r'%changelog\n.* - (.*)-\d+$')]:
        check(found(pattern, path) == three, f'{path}: {found(pattern, path)}, but META.json: {three}')
    control = text('debian/control.in').replace('PGVERSION', '15')  # as pg_buildext updatecontrol writes it on Debian 12
    check(text('debian/control') == control, 'debian/control is not that of debian/control.in')
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


def licenses(meta):
    check(meta['license'] == 'postgresql', 'META.json: license')
    check(found(r'^License: +(.*)', 'packaging/health_score.spec') == 'PostgreSQL', 'the RPM spec: License')
    debian = re.sub(r'^ \.?', '', text('debian/copyright').rpartition('License: PostgreSQL')[2], flags=re.MULTILINE)
    copyright, _, license = text('LICENSE').partition('\n')
    check(words(debian) == words(license), 'debian/copyright: the license is not LICENSE')
    year, who = re.fullmatch(r'Copyright \(c\) (.*), (.*)', copyright).groups()
    check(found('^Copyright: (.*)', 'debian/copyright') == f'{year} {who}', 'debian/copyright: not the holder in LICENSE')


def from_apt(path):
    """The packages of Debian that a list in test/ names, or a script."""
    if path.name == 'packages':
        return path.read_text().split()
    lists = re.findall(r"(?:packages=\(|tools\+?=\(|install_packages )([^)'\n]*)", path.read_text())
    return [name for words in lists for name in words.split() if re.fullmatch(r'[a-z][a-z0-9.+-]+', name)]


def told_from(source):
    lists = re.findall(rf'\| {source}: (.*) \|', text('docs/licenses.md'))
    return {name for names in lists for name in names.split(', ')}


def debian_packages():
    for path in [*root.glob('test/*/packages'), *root.glob('scripts/*')]:
        for name in set(from_apt(path)) - told_from('Debian'):
            check(False, f'docs/licenses.md: no {name} of {path.relative_to(root)}')


def npm_packages():
    """Of each lock file: exact versions, checksums, known licenses, and no name of a registry."""
    licenses = set(re.findall(r'`([\w.-]+)`', text('docs/licenses.md'))) | {'PostgreSQL'}
    needed = set()
    for path in [*root.glob('*/package.json'), *root.glob('*/*/package.json')]:
        folder = path.parent.relative_to(root)
        packages = json.loads(text(folder / 'package-lock.json'))['packages']
        direct = {**packages['']['dependencies'], **packages[''].get('devDependencies', {})}
        needed |= direct.keys()
        for name, version in direct.items():
            check(re.fullmatch(r'\d[\w.-]*', version), f'{folder}: {name} {version} is not one version')
        for path, package in packages.items():
            check(package.get('license') in licenses, f"{folder}: docs/licenses.md has no {package.get('license')}")
            check(not path or package.get('integrity'), f'{folder}: {path} has no checksum')
            check('resolved' not in package, f'{folder}: {path} names a registry')
    check(needed == told_from('npm'), f"docs/licenses.md and npm's packages differ in {sorted(needed ^ told_from('npm'))}")


meta = json.loads(text('META.json'))
versions(meta)
pgxn(meta)
licenses(meta)
debian_packages()
npm_packages()
sys.exit('\n'.join(wrong) or None)
