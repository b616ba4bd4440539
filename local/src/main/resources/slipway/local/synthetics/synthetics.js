// What a canary's script requires as 'Synthetics', as far as this stack's scripts use it: steps that are requests.
// Each goes to the file RESULTS as a line of JSON. A step that fails lets the next ones run; the run has failed all the
// same, as CloudWatch Synthetics does by default (continueOnHttpStepFailure).
const fs = require('fs');
const crypto = require('crypto');
const protocols = { 'http:': require('http'), 'https:': require('https') };

// A trace of its own, as with active tracing.
function trace() {
  const id = crypto.randomBytes(12).toString('hex');
  const seconds = Math.floor(Date.now() / 1000).toString(16).padStart(8, '0');
  return `Root=1-${seconds}-${id};Parent=${crypto.randomBytes(8).toString('hex')};Sampled=1`;
}

function request(options) {
  return new Promise((resolve, reject) => {
    const headers = { 'User-Agent': 'CloudWatchSynthetics', 'X-Amzn-Trace-Id': trace(), ...options.headers };
    const sent = protocols[options.protocol || 'http:'].request({ ...options, headers }, resolve);
    sent.on('error', reject);
    sent.setTimeout(30000, () => sent.destroy(new Error('no answer within 30 s')));
    sent.end(options.body);
  });
}

// What is done with an answer if the script does not say: any success is one.
async function drain(response) {
  response.resume();
  await new Promise((resolve, reject) => response.on('end', resolve).on('error', reject));
  if (response.statusCode < 200 || response.statusCode > 299) throw new Error(`answered ${response.statusCode}`);
}

exports.executeHttpStep = async (name, options, callback = drain) => {
  const step = { step: name, ok: false };
  const began = process.hrtime.bigint();
  try {
    const response = await request(options);
    step.status = response.statusCode;
    await callback(response);
    step.ok = true;
  } catch (e) {
    console.error(`${name}: ${e.message || e.code || e}`);
  }
  step.millis = Number(process.hrtime.bigint() - began) / 1e6;
  fs.appendFileSync(process.env.RESULTS, JSON.stringify(step) + '\n');
};
