export class HistoryView { constructor() {} start() {} }
