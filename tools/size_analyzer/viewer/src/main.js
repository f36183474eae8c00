// The page of a report: reads the data that stand in the page and shows what they are of.
import { HistoryView } from './history_view.js';
import { Report } from './report.js';
import { SizeView } from './size_view.js';
import { startTheme } from './theme.js';

const data = JSON.parse(document.getElementById('report').textContent);
const page = document.getElementById('page');
startTheme();
const view = data.view === 'history' ? new HistoryView(data, page) : new SizeView(new Report(data), page);
view.start();
document.documentElement.dataset.ready = 'true';
performance.mark('interactive');
