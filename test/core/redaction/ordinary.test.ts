import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { redactText } from '../../../src/core/redaction/redact-text.ts';
import { sensitivity } from '../../../src/core/redaction/sensitive-keys.ts';

/** What looks a little like a secret and is none. */
const ORDINARY: Readonly<Record<string, readonly string[]>> = {
  'ids and hashes of known kinds': [
    '550e8400-e29b-41d4-a716-446655440000',
    '/items/0192f0e0-7b1c-7cc3-98c4-dc0c0c07398f/edit',
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    'ami-0c55b159cbfafe1f0',
    '507f1f77bcf86cd799439011',
    'arn:aws:iam::123456789012:role/service-role/lambda-basic-execution',
    '9f2c1d7',
  ],
  paths: [
    '/home/user/projects/toolwise/src/engine/record-execution.ts',
    'C:\\Users\\someone\\Documents\\Quarterly Reports\\final_report.pdf',
    '~/Library/Application Support/Some App/preferences.plist',
    'src/components/UserProfileCard/UserProfileCard.stories.tsx',
    '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30',
    'node_modules/@modelcontextprotocol/sdk/dist/esm/server/stdio.js',
  ],
  addresses: [
    'https://example.org/blog/2024/05/how-to-build-a-rest-api-in-10-minutes?page=2&sort=newest#comments',
    'https://github.com/someone/some-repository/pull/1234/files',
    'ann.example+lists@mail.example.co.uk',
    'postgres://localhost:5432/shop',
    'ec2-203-0-113-25.compute-1.amazonaws.com',
    '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
  ],
  names: [
    'AbstractSingletonProxyFactoryBeanDefinitionReader',
    'XMLHttpRequestEventTargetEventMap',
    'max_concurrent_background_compaction_threads',
    'DEFAULT_MAXIMUM_CONNECTION_POOL_SIZE_PER_HOST',
    'mcp__filesystem__read_multiple_files',
    'convert-pdf-document-to-markdown-text',
    'update_reservation_baggages',
  ],
  numbers: [
    '1732456789012345678901234567890',
    '3.14159265358979323846',
    '+49 30 901820 1234',
    '2024-05-20T10:11:12.345678Z',
    '4111 1111 1111 1112',
  ],
  sentences: [
    'Reset password: please help',
    'What is the secret of a good soup?',
    'The token is valid for two weeks.',
    'Basic JavaScript tutorial for the bearer of bad news',
    'Set max_tokens: 100 and tokens=5, then count the passengers',
    'My card is blocked and my PIN does not work',
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
    'lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas',
    'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
    'muvaffakiyetsizleştiricileştiriveremeyebileceklerimizdenmişsinizcesine',
    'Найдите все файлы, изменённые вчера, и отправьте отчёт',
    '昨日変更されたすべてのファイルを検索して、レポートを送信してください',
    'ابحث عن جميع الملفات التي تم تغييرها أمس',
  ],
  'runs that follow a rule': [
    '='.repeat(200),
    '-----------------------------',
    'abcdefghijklmnopqrstuvwxyz0123456789',
    'ACGTACGTTAGCCGATAGCTAGGATCCAGT',
    'x'.repeat(5000),
  ],
  'documents in base64': [
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==',
    'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  ],
};

describe.each(Object.entries(ORDINARY))('%s', (_, texts) => {
  it.each(texts)('%s stays to the byte', (text) => {
    expect(redactText(text)).toBe(text);
  });
});

describe('queries of the golden files', () => {
  it('stay to the byte, so that their contexts do', () => {
    const folder = 'test/golden';
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const queries = files.flatMap((name) => [
      ...readFileSync(`${folder}/${name}`, 'utf8').matchAll(/"(?:user_)?query":\s*("(?:[^"\\]|\\.)*")/g),
    ]);
    const changed = queries.map(([, text = '""']) => JSON.parse(text) as string).filter((query) => redactText(query) !== query);
    expect(queries.length).toBeGreaterThan(100);
    expect(changed).toEqual([]);
  });
});

describe('the name of a parameter', () => {
  const secret =
    'password passwd dbPassword DB_PASSWORD user-password apiKey API_KEY x-api-key apikey secret client_secret clientSecret token access_token ' +
    'authToken githubToken authorization Proxy-Authorization cookie Set-Cookie session_cookie private_key privateKey SSH_KEY credential ' +
    'aws_secret_access_key connection_string connectionString passphrase pin otp cvv card_number AccountKey smtp_pass auth contraseña Passwort ' +
    'пароль 密码 password2 encryption_key seed_phrase spring.datasource.password';
  test.each(secret.split(' '))('%s holds a secret', (name) => {
    expect(sensitivity(name)).toBe('secret');
  });

  const plain =
    'author authors authority tokenizer tokenize passenger passengers keyboard keyword key keys primary_key public_key sort_key monkey ' +
    'token_count tokenLimit token_type password_policy passwordLength cookie_consent secretary compass bypass path pattern pinned spin ' +
    'description authorised max_length session_id user_id auth_url credentials_file boarding_pass __proto__ constructor';
  test.each(plain.split(' '))('%s does not', (name) => {
    expect(sensitivity(name)).toBe('none');
  });

  test.each(['max_tokens', 'tokens', 'totalTokens'])('%s may be counted', (name) => {
    expect(sensitivity(name)).toBe('countable');
  });
});
